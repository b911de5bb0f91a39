#include "tests/conformance/wire/sse_reader.hpp"

#include <algorithm>
#include <utility>

namespace pushlab::conformance {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

void read_kind(SseLine& line) {
  if (line.text.empty()) return;
  auto const colon = line.text.find(':');
  line.kind = colon == 0 ? SseLine::Kind::comment : SseLine::Kind::field;
  line.field = line.text.substr(0, colon);
  if (colon == std::string::npos) return;
  auto const skip = line.text.substr(colon + 1, 1) == " " ? 2U : 1U;
  line.value = line.text.substr(colon + skip);
}

}  // namespace

std::vector<SseBlock const*> SseStream::events() const {
  std::vector<SseBlock const*> found;
  for (auto const& block : blocks) {
    if (block.is_event()) found.push_back(&block);
  }
  return found;
}

SseBlock const* SseStream::find(std::string_view text) const {
  for (auto const& block : blocks) {
    if (block.is_event() && block.data.find(text) != std::string::npos) return &block;
  }
  return nullptr;
}

bool SseStream::partial() const {
  if (lines.empty()) return false;
  if (lines.back().end == SseLine::End::none) return true;
  auto const last = std::find_if(lines.rbegin(), lines.rend(), [](SseLine const& line) {
    return line.kind != SseLine::Kind::comment;
  });
  return last != lines.rend() && last->kind == SseLine::Kind::field;
}

void SseReader::feed(std::string_view content, Instant at) {
  while (!content.empty()) {
    // A long line is taken at once; the first bytes may be a byte order mark.
    bool const inside = in_line_ && stream_.size >= byte_order_mark.size();
    auto const run = inside ? std::min(content.find('\n'), content.find('\r')) : 0;
    auto const text = content.substr(0, run);
    if (text.empty()) {
      take(content.front(), at);
      content.remove_prefix(1);
      continue;
    }
    stream_.lines.back().text += text;
    stream_.size += text.size();
    content.remove_prefix(text.size());
  }
}

void SseReader::take(char byte, Instant at) {
  auto const offset = stream_.size++;
  if (std::exchange(after_cr_, false) && byte == '\n') {
    stream_.lines.back().end = SseLine::End::crlf;
    return;
  }
  if (!in_line_) {
    SseLine line;
    line.offset = offset;
    line.first_at = at;
    stream_.lines.push_back(std::move(line));
    in_line_ = true;
  }
  if (byte == '\n' || byte == '\r') {
    after_cr_ = byte == '\r';
    return end_line(after_cr_ ? SseLine::End::cr : SseLine::End::lf, at);
  }
  auto& text = stream_.lines.back().text;
  text += byte;
  if (stream_.size == byte_order_mark.size() && text == byte_order_mark) {
    stream_.bom = true;
    text.clear();
  }
}

void SseReader::end_line(SseLine::End end, Instant at) {
  in_line_ = false;
  auto const index = stream_.lines.size() - 1;
  auto& line = stream_.lines.back();
  line.end = end;
  line.at = at;
  read_kind(line);
  if (line.kind == SseLine::Kind::field) take_field(line, index);
  if (line.kind == SseLine::Kind::blank && in_block_) end_block(line, index);
}

void SseReader::take_field(SseLine const& line, std::size_t index) {
  if (!std::exchange(in_block_, true)) {
    block_ = {};
    block_.first_line = index;
    block_.first_at = line.first_at;
  }
  block_.text_at = line.at;
  if (line.field == "data") {
    block_.data += line.value + "\n";
    block_.has_data = true;
  } else if (line.field == "event") {
    block_.type = line.value;
    block_.has_type = true;
  } else if (line.field == "id" && line.value.find('\0') == std::string::npos) {
    block_.id = line.value;
    block_.has_id = true;
  } else if (line.field == "retry") {
    stream_.retries.push_back(line.value);
  }
}

void SseReader::end_block(SseLine const& line, std::size_t index) {
  in_block_ = false;
  block_.last_line = index;
  block_.at = line.at;
  if (block_.has_id) stream_.last_event_id = block_.id;
  block_.id = stream_.last_event_id;
  if (block_.has_data) block_.data.pop_back();
  if (block_.type.empty()) block_.type = "message";
  stream_.blocks.push_back(std::move(block_));
}

}  // namespace pushlab::conformance

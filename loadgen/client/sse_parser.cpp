#include "loadgen/client/sse_parser.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "loadgen/client/utf8.hpp"

namespace pushlab::loadgen {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::uint8_t bom_decided = 4;

// The next line end, CR or LF. Each kind is searched for once per stretch of bytes: a stream with
// one kind of line end must not be scanned to its end for the other at every line.
class LineEnds {
 public:
  explicit LineEnds(std::string_view bytes) : bytes_(bytes) {}

  std::size_t next(std::size_t from) {
    if (lf_ < from || !looked_) lf_ = bytes_.find('\n', from);
    if (cr_ < from || !looked_) cr_ = bytes_.find('\r', from);
    looked_ = true;
    return std::min(lf_, cr_);
  }

 private:
  std::string_view bytes_;
  std::size_t lf_ = 0;
  std::size_t cr_ = 0;
  bool looked_ = false;
};

// Digits only, base ten; too large a number becomes the largest.
std::optional<std::int64_t> delay_in(std::string_view text) {
  if (text.empty()) return std::nullopt;
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  std::int64_t value = 0;
  for (auto const c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    auto const digit = c - '0';
    value = value > (largest - digit) / 10 ? largest : value * 10 + digit;
  }
  return value;
}

// Strings of clients that wait for the next event give their memory back.
void release(std::string& text) {
  std::string().swap(text);
}

}  // namespace

bool SseParser::feed(std::string_view bytes, SseSink& sink) {
  if (failed_) return false;
  if (bom_bytes_ != bom_decided) bytes = take_bom(bytes);
  if (after_cr_ && !bytes.empty()) {
    after_cr_ = false;
    if (bytes.front() == '\n') bytes.remove_prefix(1);
  }
  LineEnds ends(bytes);
  std::size_t begin = 0;
  while (begin < bytes.size()) {
    auto const end = ends.next(begin);
    if (end == std::string_view::npos) {
      keep_partial(bytes.substr(begin));
      break;
    }
    auto const line = bytes.substr(begin, end - begin);
    if (partial_.empty()) {
      take_line(line, true, sink);
    } else {
      keep_partial(line);
      if (!failed_) take_line(partial_, false, sink);
      release(partial_);
    }
    if (failed_) return false;
    begin = end + 1;
    if (bytes[end] == '\r') {
      if (begin == bytes.size()) after_cr_ = true;
      if (begin < bytes.size() && bytes[begin] == '\n') ++begin;
    }
  }
  own_data();
  return !failed_;
}

// One mark, at the very start, is not part of the stream; it may come byte by byte.
std::string_view SseParser::take_bom(std::string_view bytes) {
  while (!bytes.empty() && bom_bytes_ < byte_order_mark.size()) {
    if (bytes.front() != byte_order_mark[bom_bytes_]) {
      partial_ = byte_order_mark.substr(0, bom_bytes_);
      bom_bytes_ = bom_decided;
      return bytes;
    }
    ++bom_bytes_;
    bytes.remove_prefix(1);
  }
  if (bom_bytes_ == byte_order_mark.size()) bom_bytes_ = bom_decided;
  return bytes;
}

void SseParser::keep_partial(std::string_view rest) {
  if (partial_.size() + rest.size() > limit_) {
    failed_ = true;
    return;
  }
  partial_ += rest;
}

void SseParser::take_line(std::string_view line, bool in_chunk, SseSink& sink) {
  if (line.empty()) return dispatch(sink);
  if (line.size() > limit_) {
    failed_ = true;
    return;
  }
  auto const colon = line.find(':');
  if (colon == 0) return;
  auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  take_field(line.substr(0, colon), value, in_chunk, sink);
}

void SseParser::take_field(std::string_view field, std::string_view value, bool in_chunk,
                           SseSink& sink) {
  if (field == "data") {
    add_data(value, in_chunk);
  } else if (field == "event") {
    type_ = value;
  } else if (field == "id") {
    if (value.find('\0') != std::string_view::npos) return;
    id_ = value;
    id_changed_ = true;
  } else if (field == "retry") {
    if (auto const delay = delay_in(value)) sink.on_retry(*delay);
  }
}

void SseParser::add_data(std::string_view value, bool in_chunk) {
  if (!has_data_ && in_chunk) {
    data_view_ = value;
    data_in_chunk_ = true;
  } else {
    own_data();
    if (data_.size() + value.size() + 1 > limit_) {
      failed_ = true;
      return;
    }
    if (has_data_) data_ += '\n';
    data_ += value;
  }
  has_data_ = true;
}

// The chunk ends or the data grows: what was only looked at is copied.
void SseParser::own_data() {
  if (!data_in_chunk_) return;
  data_ = data_view_;
  data_in_chunk_ = false;
}

void SseParser::dispatch(SseSink& sink) {
  if (id_changed_) {
    last_event_id_ = is_ascii(id_) ? id_ : well_formed_utf8(id_);
    id_changed_ = false;
  }
  if (has_data_) {
    auto const data = data_in_chunk_ ? data_view_ : std::string_view(data_);
    auto const type = type_.empty() ? std::string_view("message") : std::string_view(type_);
    if (is_ascii(data) && is_ascii(type)) {
      sink.on_event({type, data, last_event_id_});
    } else {
      auto const clean_type = well_formed_utf8(type);
      auto const clean_data = well_formed_utf8(data);
      sink.on_event({clean_type, clean_data, last_event_id_});
    }
    release(data_);
    has_data_ = false;
    data_in_chunk_ = false;
  }
  type_.clear();
}

void SseParser::start_over() {
  release(partial_);
  release(data_);
  type_.clear();
  id_ = last_event_id_;
  bom_bytes_ = 0;
  after_cr_ = has_data_ = data_in_chunk_ = id_changed_ = failed_ = false;
}

std::string SseParser::error() const {
  if (!failed_) return {};
  return fmt::format(
      "the event stream holds a line or an event of more than {} bytes: the server must end it "
      "sooner",
      limit_);
}

}  // namespace pushlab::loadgen

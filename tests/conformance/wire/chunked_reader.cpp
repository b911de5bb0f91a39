#include <algorithm>
#include <charconv>

#include "tests/conformance/wire/body_reader.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::size_t longest_line = 16 * 1024;

}  // namespace

void ChunkedReader::fail(Body& body, std::string const& what) {
  body.errors.push_back({body.wire_size, what});
  body.end = Body::End::broken;
}

// True when line_ holds a whole line, its LF taken from the bytes.
bool ChunkedReader::take_line(std::string_view& bytes, Body& body) {
  auto const lf = bytes.find('\n');
  auto const size = lf == std::string_view::npos ? bytes.size() : lf + 1;
  line_ += bytes.substr(0, size);
  bytes.remove_prefix(size);
  body.wire_size += size;
  if (line_.size() > longest_line) {
    fail(body, "a line of the chunked coding without an end: " + quoted(line_, 40));
    return false;
  }
  if (lf == std::string_view::npos) return false;
  line_.pop_back();
  if (line_.ends_with('\r'))
    line_.pop_back();
  else
    body.errors.push_back({body.wire_size - 1, "a bare LF ends the line " + quoted(line_, 40)});
  return true;
}

void ChunkedReader::begin_chunk(Instant at, Body& body) {
  std::size_t size = 0;
  auto const* const first = line_.data();
  auto const [end, error] = std::from_chars(first, first + line_.size(), size, 16);
  auto const rest = std::string_view(line_).substr(static_cast<std::size_t>(end - first));
  bool const fits = error == std::errc() && end != first &&
                    (rest.empty() || trimmed(rest).starts_with(';') || trimmed(rest).empty());
  if (!fits) return fail(body, "no chunk size: " + quoted(line_, 40));
  if (!rest.empty() && trimmed(rest).empty())
    body.errors.push_back({body.wire_size, "space behind a chunk size: " + quoted(line_, 40)});
  body.chunks.push_back({body.content.size(), size, line_, at});
  line_.clear();
  left_ = size;
  step_ = size == 0 ? Step::trailer : Step::data;
}

std::size_t ChunkedReader::feed(std::string_view bytes, Instant at, Body& body) {
  auto const all = bytes.size();
  while (!bytes.empty() && body.end == Body::End::open) {
    if (step_ == Step::data) {
      auto const size = std::min(left_, bytes.size());
      body.content += bytes.substr(0, size);
      body.wire_size += size;
      bytes.remove_prefix(size);
      left_ -= size;
      if (left_ == 0) step_ = Step::data_end;
      continue;
    }
    if (step_ == Step::data_end && line_.empty() && bytes.front() != '\r' &&
        bytes.front() != '\n') {
      fail(body, "junk where a chunk should end: " + quoted(bytes, 20));
      break;
    }
    if (!take_line(bytes, body)) continue;
    if (step_ == Step::size_line) {
      begin_chunk(at, body);
    } else if (step_ == Step::data_end) {
      if (!line_.empty()) fail(body, "junk where a chunk should end: " + quoted(line_, 20));
      step_ = Step::size_line;
      line_.clear();
    } else if (line_.empty()) {
      body.end = Body::End::complete;
    } else {
      body.trailers += line_ + "\r\n";
      line_.clear();
    }
  }
  return all - bytes.size();
}

}  // namespace pushlab::conformance

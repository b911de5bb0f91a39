#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/conformance/wire/deadline.hpp"

namespace pushlab::conformance {

// One line of an event stream as it came.
struct SseLine {
  enum class Kind { blank, comment, field };
  enum class End { lf, crlf, cr, none };  // none: the line has not ended yet
  std::size_t offset = 0;                 // of its first byte in the content
  std::string text;                       // without its end
  Kind kind = Kind::blank;
  End end = End::none;
  std::string field;  // the name before the colon, whatever it is
  std::string value;  // one leading space removed
  Instant first_at;   // when its first byte came (of a blank line: its end)
  Instant at;         // when its end came
};

// Field lines up to a blank line. What a browser would make of them is in type, data and id.
struct SseBlock {
  std::size_t first_line = 0;  // index into SseStream::lines; comments in between belong to it
  std::size_t last_line = 0;   // the blank line
  std::string type;            // "message" when no event field was sent
  std::string data;
  std::string id;  // the last event id in force, its own or an earlier one
  bool has_type = false;
  bool has_data = false;
  bool has_id = false;
  Instant first_at;                           // when its first byte came
  Instant text_at;                            // when its last field line had come
  Instant at;                                 // when the blank line had come
  bool is_event() const { return has_data; }  // browsers drop a block without data
};

struct SseStream {
  bool bom = false;            // at byte 0
  std::vector<SseLine> lines;  // the last one may have no end yet
  std::vector<SseBlock> blocks;
  std::vector<std::string> retries;  // values as they came
  std::string last_event_id;
  std::size_t size = 0;  // bytes of content read

  std::vector<SseBlock const*> events() const;
  // The first event whose data holds the text; null when there is none.
  SseBlock const* find(std::string_view text) const;
  // Whether the stream stops inside a block or a line.
  bool partial() const;
};

// Reads an event stream by the letter of HTML 9.2.5 and 9.2.6 and keeps offsets and times. It
// repairs nothing and judges nothing: the cases do.
class SseReader {
 public:
  void feed(std::string_view content, Instant at);
  SseStream const& stream() const { return stream_; }

 private:
  void take(char byte, Instant at);
  void end_line(SseLine::End end, Instant at);
  void take_field(SseLine const& line, std::size_t index);
  void end_block(SseLine const& line, std::size_t index);

  SseStream stream_;
  SseBlock block_;
  bool in_line_ = false;
  bool in_block_ = false;
  bool after_cr_ = false;
};

// The offset of the first byte that is not UTF-8, npos when there is none; a character cut off by
// the end of the bytes counts as none. `utf8_cut_off`: whether there is such a one.
std::size_t find_bad_utf8(std::string_view bytes);
bool utf8_cut_off(std::string_view bytes);

}  // namespace pushlab::conformance

// Incremental parser of text/event-stream: WHATWG HTML 9.2.5 "Parsing an event stream" and 9.2.6
// "Interpreting an event stream" (text of 2026-11-21). No I/O.
//
// The result does not depend on how the stream is cut into chunks. While a whole event lies in one
// chunk nothing is copied, and between events no buffer is kept. A final CR ends its line at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pushlab::loadgen {

struct SseEvent {         // views hold during the call only
  std::string_view type;  // "message" when none was sent
  std::string_view data;
  std::string_view last_event_id;
};

class SseSink {
 public:
  virtual void on_event(SseEvent const& event) = 0;
  virtual void on_retry(std::int64_t /*delay_ms*/) {}  // acts with its line, not with the blank one

 protected:
  ~SseSink() = default;
};

class SseParser {
 public:
  static constexpr std::size_t default_limit = std::size_t{1} << 20;

  // `limit` bounds one line and the data of one event, in bytes.
  explicit SseParser(std::size_t limit = default_limit) : limit_(limit) {}

  // False once a line or an event has passed the limit; the stream is of no use from then on.
  bool feed(std::string_view bytes, SseSink& sink);
  bool failed() const { return failed_; }
  std::string error() const;  // one sentence, empty when not failed

  // For a new connection: drops an unfinished event with its id, keeps the last event id.
  void start_over();

  std::string const& last_event_id() const { return last_event_id_; }

 private:
  std::string_view take_bom(std::string_view bytes);
  void take_line(std::string_view line, bool in_chunk, SseSink& sink);
  void take_field(std::string_view field, std::string_view value, bool in_chunk, SseSink& sink);
  void add_data(std::string_view value, bool in_chunk);
  void dispatch(SseSink& sink);
  void keep_partial(std::string_view rest);
  void own_data();

  std::size_t limit_;
  std::string partial_;         // a line whose end has not come yet
  std::string data_;            // when data_view_ cannot hold it
  std::string_view data_view_;  // the only data line so far, inside the chunk being fed
  std::string type_;
  std::string id_;
  std::string last_event_id_;
  std::uint8_t bom_bytes_ = 0;  // of a byte order mark seen so far; 4 = past it
  bool after_cr_ = false;
  bool has_data_ = false;
  bool data_in_chunk_ = false;
  bool id_changed_ = false;
  bool failed_ = false;
};

}  // namespace pushlab::loadgen

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/engine/endpoint.hpp"
#include "tests/conformance/wire/exchange.hpp"

namespace pushlab::conformance {

// How a client says what it has seen.
struct Cursor {
  enum class Form {
    none,
    next,  // the member "next" of the body comes back as ?since=
    etag   // ETag and Last-Modified come back as conditions
  };
  Form form = Form::none;
  std::string value;
  std::string modified;
  std::string connection;  // "connection" of a first answer, repeated if there is one
};

// The answer to a poll, and what a body like {"next":"<cursor>","events":[..]} says.
struct PollAnswer {
  Head head;
  Body body;
  std::string text;  // the content, decoded
  Instant at;        // when it was complete
  Cursor cursor;     // to go on with: the asked one where the answer has none
  bool has_cursor = false;
  bool is_json = false;
  bool reset = false;
  bool more = false;
  std::optional<std::size_t> events;

  bool has(std::string_view marker) const { return text.find(marker) != std::string::npos; }
  std::string in_short() const;  // "HTTP/1.1 200 OK, 34 bytes"
};

// A poll that was sent and is not answered yet.
class HeldPoll {
 public:
  // Without `wait_s` the server decides.
  HeldPoll(Endpoint& endpoint, Url const& url, Cursor cursor, std::optional<double> wait_s,
           Fields const& more = {});

  // Empty when none came in time; throws WireError when none can come any more.
  std::optional<PollAnswer> answer(Deadline const& deadline);
  Connection& connection() { return connection_; }
  Instant sent_at() const { return sent_at_; }

 private:
  Connection connection_;
  Cursor cursor_;
  Instant sent_at_;
};

// One poll and its answer; throws WireError when there is none in time.
PollAnswer poll(Endpoint& endpoint, Url const& url, Cursor const& cursor, double wait_s = 0,
                Fields const& more = {});

// A cursor on the channel: from an answer without one, for which something may have to be published
// first. Throws Skip when none is to be had.
Cursor first_cursor(Endpoint& endpoint, Endpoint::Channel const& channel);

// Polls on until an answer has the marker or nothing is there any more; `cursor` goes along.
std::vector<PollAnswer> poll_until(Endpoint& endpoint, Url const& url, Cursor& cursor,
                                   std::string_view marker);

}  // namespace pushlab::conformance

#pragma once
#include "servers/event/encoder.hpp"

namespace pushlab::server {

// The body of a poll's answer (long and short alike):
// {"next":"<cursor>","events":[{"id":"<epoch>-<seq>","data":<body>},...]}; Behind "next":
// "connection" for a client that has no cursor yet, the id that it repeats in its polls;
// "reset":true when the cursor was lost; "more":true when there is more to fetch at once.
struct PollBody {
  EventId next;
  bool reset = false;
  bool more = false;
  std::string connection = {};
};
std::string poll_body(PollBody const& body, std::uint32_t epoch, std::span<EventPtr const> events);

// The whole HTTP answer to a waiting poll: status line, fields and body are the same for everybody
// who waits, so it is built once an event.
class LongPollEncoder : public Encoder {
 public:
  std::string frame(EventId id, Notification const& notification) const override;
  std::string join(std::uint32_t epoch, std::span<EventPtr const> events) const override;
};

}  // namespace pushlab::server

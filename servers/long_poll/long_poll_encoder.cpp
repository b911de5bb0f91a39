#include "servers/long_poll/long_poll_encoder.hpp"

#include <fmt/format.h>

#include <iterator>

namespace pushlab::server {
namespace {

std::string item(EventId id, Notification const& notification) {
  return fmt::format(R"({{"id":"{}","data":{}}})", to_string(id), notification.forwarded());
}

std::string answer(std::string_view body) {
  return fmt::format(
      "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      body.size(), body);
}

}  // namespace

std::string poll_body(PollBody const& body, std::uint32_t epoch, std::span<EventPtr const> events) {
  auto const connection =
      body.connection.empty() ? "" : fmt::format(R"("connection":"{}",)", body.connection);
  auto text = fmt::format(R"({{"next":"{}",{}{}{}"events":[)", to_string(body.next), connection,
                          body.reset ? R"("reset":true,)" : "", body.more ? R"("more":true,)" : "");
  for (auto const& event : events) {
    if (event != events.front()) text += ',';
    text += item({epoch, event->seq}, event->notification);
  }
  return text + "]}";
}

std::string LongPollEncoder::frame(EventId id, Notification const& notification) const {
  return answer(
      fmt::format(R"({{"next":"{}","events":[{}]}})", to_string(id), item(id, notification)));
}

std::string LongPollEncoder::join(std::uint32_t epoch, std::span<EventPtr const> events) const {
  return answer(poll_body({{epoch, events.back()->seq}}, epoch, events));
}

}  // namespace pushlab::server

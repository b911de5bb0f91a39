#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <future>

#include "tests/conformance/websocket/sections.hpp"
#include "tests/conformance/websocket/trials.hpp"

namespace pushlab::conformance {
namespace {

// An event whose text tells whether all of it arrived: its marker stands at both ends.
struct Push {
  std::string marker;
  std::string text;
  bool accepted = false;
};

std::vector<Push> pushes_of_one_writer(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().websocket;
  // Around the lengths at which a frame's head changes, too.
  std::array<std::size_t, 6> const sizes{1, 40, 90, 2000, 65450, settings.write_bytes};
  std::vector<Push> pushes;
  for (int i = 0; i < settings.writes; ++i) {
    auto const marker = endpoint.marker();
    auto const size = std::min(sizes[static_cast<std::size_t>(i) % 6], settings.write_bytes);
    pushes.push_back(
        {marker, marker + std::string(size, static_cast<char>('a' + i % 26)) + marker});
  }
  return pushes;
}

void publish_all(Endpoint& endpoint, Endpoint::Channel const& channel, std::vector<Push>& pushes) {
  for (auto& push : pushes) {
    auto const body =
        notification(channel.name, "1", push.text + " \xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
    push.accepted = endpoint.post(channel, body).accepted();
  }
}

// What is wrong with the way one writer's pushes arrived; empty: nothing.
std::string fault(std::vector<Push> const& pushes, WebSocketLog const& log) {
  std::size_t last = 0;
  for (auto const& push : pushes) {
    if (!push.accepted) continue;
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < log.messages.size(); ++i)
      if (log.messages[i].payload.find(push.marker) != std::string::npos) found.push_back(i);
    if (found.empty()) return push.marker + " was accepted and did not come";
    if (found.size() > 1) return fmt::format("{} came {} times", push.marker, found.size());
    auto const& message = log.messages[found.front()];
    if (message.opcode != Opcode::text)
      return fmt::format("{} came as {}", push.marker, opcode_name(message.opcode));
    if (message.payload.find(push.text) == std::string::npos)
      return push.marker + " is torn: " + quoted(message.payload);
    if (found.front() < last) return push.marker + " came before what was published before it";
    last = found.front();
  }
  return {};
}

// Messages that hold more than one of the events.
std::string crowd(std::vector<std::vector<Push>> const& writers, WebSocketLog const& log) {
  for (auto const& message : log.messages) {
    std::size_t held = 0;
    for (auto const& pushes : writers)
      held += static_cast<std::size_t>(
          std::count_if(pushes.begin(), pushes.end(), [&](Push const& push) {
            return message.payload.find(push.marker) != std::string::npos;
          }));
    if (held > 1) return fmt::format("{} events in one message", held);
  }
  return {};
}

std::size_t accepted(std::vector<std::vector<Push>> const& writers) {
  std::size_t sum = 0;
  for (auto const& pushes : writers)
    sum += static_cast<std::size_t>(std::count_if(pushes.begin(), pushes.end(),
                                                  [](Push const& push) { return push.accepted; }));
  return sum;
}

Finding pushes_events_whole(Endpoint& endpoint) {
  auto const channel = endpoint.channel();
  auto peer = open_websocket(endpoint, channel.url);
  peer.listen(endpoint.settings().still_open_s);
  std::vector<std::vector<Push>> writers;
  for (int i = 0; i < endpoint.settings().websocket.writers; ++i)
    writers.push_back(pushes_of_one_writer(endpoint));
  std::vector<std::future<void>> work;
  for (auto& pushes : writers)
    work.push_back(std::async(std::launch::async, [&] { publish_all(endpoint, channel, pushes); }));
  auto const all_written = [&] {
    return std::all_of(work.begin(), work.end(), [](auto const& one) {
      return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    });
  };
  while (!all_written()) peer.listen(0.02);
  for (auto& one : work) one.get();
  auto const count = accepted(writers);
  if (count == 0) return skip("the endpoint refused all that was published");
  peer.await(writers.back().back().marker, Deadline::in(endpoint.settings().delivery_s));
  peer.listen(endpoint.settings().still_open_s);

  auto const expected = "each event whole, once, in order, in a text message of its own";
  for (auto const& breach : peer.log().breaches)
    return fail(expected, fmt::format("frame {}: {}", breach.frame, breach.text));
  for (auto const& pushes : writers)
    if (auto const wrong = fault(pushes, peer.log()); !wrong.empty()) return fail(expected, wrong);
  if (auto const wrong = crowd(writers, peer.log()); !wrong.empty()) return fail(expected, wrong);
  if (peer.log().in_frame) return fail(expected, "a frame that does not end");
  return pass(fmt::format("{} events of {} publishers", count, writers.size()));
}

// The cursor in a message like {"event":"db","id":"<cursor>","data":..}; empty when it is not like
// that.
std::string cursor_in(std::string const& payload) {
  boost::system::error_code error;
  auto const parsed = boost::json::parse(payload, error);
  auto const* object = error ? nullptr : parsed.if_object();
  if (!object || !object->contains("event") || !object->contains("data")) return {};
  auto const* id = object->if_contains("id");
  return id && id->is_string() ? std::string(id->as_string()) : std::string();
}

Finding resumes(Endpoint& endpoint) {
  auto const channel = endpoint.channel();
  std::array<std::string, 3> markers;
  std::string cursor;
  {
    auto peer = open_websocket(endpoint, channel.url);
    for (auto& marker : markers) {
      marker = endpoint.marker();
      endpoint.publish(channel, marker);
    }
    auto const* first = peer.await(markers[0], Deadline::in(endpoint.settings().delivery_s));
    if (!first) return fail("an event that was published", "none in time");
    cursor = cursor_in(first->payload);
    if (cursor.empty())
      return skip("no cursor that is known here, {\"event\":..,\"id\":\"<cursor>\",\"data\":..}: " +
                  quoted(first->payload));
    peer.await(markers[2], Deadline::in(endpoint.settings().delivery_s));
  }
  auto peer = open_websocket(endpoint, channel.url.with_query("lastEventId", cursor));
  peer.await(markers[2], Deadline::in(endpoint.settings().delivery_s));
  std::string seen;
  for (auto const& message : peer.log().messages)
    for (std::size_t i = 0; i < markers.size(); ++i)
      if (message.payload.find(markers[i]) != std::string::npos) seen += fmt::format(" {}", i + 1);
  if (seen == " 2 3") return pass();
  return fail("events 2 and 3 after a resume from event 1",
              seen.empty() ? "none of them" : "events" + seen);
}

}  // namespace

std::vector<Case> websocket_push_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"WS-14", "an event is a text message of its own, whole, once and in order", "RFC 6455 5.6",
        publish, critical},
       pushes_events_whole},
      {{"WS-20", "a WebSocket resumes from the id of an event, as SSE does", "product", publish,
        major},
       resumes},
  };
}

}  // namespace pushlab::conformance

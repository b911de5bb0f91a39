#include <fmt/format.h>

#include <array>
#include <memory>

#include "tests/conformance/engine/live_channel.hpp"
#include "tests/conformance/sse_framing/sections.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::array<std::string_view, 5> line_ends{"\n", "\r", "\r\n\r\n", "\xE2\x80\xA8",
                                                    "\xC2\x85"};
constexpr std::array<std::string_view, 7> members{"name",  "type",  "id",     "event",
                                                  "retry", "topic", "comment"};

// A notification in which one member is the given text.
std::string notification_with(std::string_view member, std::string const& text,
                              std::string const& name, std::string const& data) {
  auto body = fmt::format("{{{}:{}", json_string(member), json_string(text));
  for (auto const& [key, value] :
       Fields{{"name", name}, {"type", "update"}, {"id", "1"}, {"data", data}}) {
    if (key != member) body += fmt::format(",{}:{}", json_string(key), json_string(value));
  }
  return body + "}";
}

// A stream that is subscribed to the hostile names, too, unless the endpoint refuses them.
EventStream listener(Endpoint& endpoint, Endpoint::Channel const& channel,
                     std::vector<std::string> const& hostile) {
  auto names = channel.name;
  for (auto const& name : hostile) names += "," + percent_encode(name);
  EventStream stream(endpoint.url_for(names), endpoint.request(), endpoint.answer_deadline());
  if (stream.head().status != 200) stream = open_stream(endpoint, channel.url);
  until_live(endpoint, channel, stream);
  return stream;
}

struct Attack {
  SseStream sse;
  std::size_t taken = 0;  // hostile posts that were accepted
};

// Posts every member with every line end and `forged` behind it, then waits for an innocent event.
Attack attack(Endpoint& endpoint, std::string const& forged) {
  auto const channel = endpoint.channel();
  std::vector<std::string> hostile;
  for (auto const end : line_ends) hostile.push_back(fmt::format("x{}data: {}", end, forged));
  auto stream = listener(endpoint, channel, hostile);
  Attack attack;
  for (auto const member : members) {
    for (auto const& text : hostile) {
      auto const body = notification_with(member, text, channel.name, endpoint.marker());
      auto const& name = member == "name" ? text : channel.name;
      if (endpoint.publisher().post(name, body, endpoint.answer_deadline()).accepted())
        ++attack.taken;
    }
  }
  auto const last = endpoint.marker();
  endpoint.publish(channel, last);
  stream.await(last, Deadline::in(endpoint.settings().delivery_s));
  attack.sse = stream.sse();
  return attack;
}

SseLine const* forged_line(SseStream const& stream, std::string const& forged) {
  for (auto const& line : stream.lines) {
    if (line.kind == SseLine::Kind::field && line.value.starts_with(forged)) return &line;
  }
  return nullptr;
}

// What comes of a hostile name to subscribe to, and of a hostile cursor, that the server may
// repeat in its stream. Null when it refuses.
std::unique_ptr<EventStream> asked_with(Endpoint& endpoint, std::string const& forged) {
  auto const hostile = percent_encode("x\ndata: " + forged + "\n\n");
  auto url = endpoint.url_for(hostile);
  for (auto const* name : {"lastEventId", "last_event_id", "Last-Event-ID"})
    url = url.with_query(name, "1\ndata: " + forged + "\n\n");
  auto stream = std::make_unique<EventStream>(url, endpoint.request(), endpoint.answer_deadline());
  if (stream->head().status == 200) stream->listen(endpoint.settings().still_open_s);
  return stream;
}

Finding lets_no_line_end_in(Endpoint& endpoint) {
  auto const forged = "forged-" + endpoint.marker();
  constexpr auto expected = "no field of a publisher's or subscriber's making";
  auto const asked = asked_with(endpoint, forged);
  if (auto const* line = forged_line(asked->sse(), forged))
    return fail(expected, quoted(line->text) + ", out of the URL asked for");
  auto const attacked = attack(endpoint, forged);
  if (auto const* line = forged_line(attacked.sse, forged))
    return fail(expected, quoted(line->text));
  return pass(fmt::format("{} of {} hostile notifications taken, none of them forged a field",
                          attacked.taken, members.size() * line_ends.size()));
}

Finding sends_no_nul_in_ids(Endpoint& endpoint) {
  auto live = live_channel(endpoint);
  using namespace std::string_literals;
  auto const marker = endpoint.marker();
  auto const body = notification_with("id", "7\0"s + "8", live.channel.name, marker);
  auto const answer = endpoint.post(live.channel, body);
  auto const last = endpoint.marker();
  endpoint.publish(live.channel, last);
  live.stream.await(last, Deadline::in(endpoint.settings().delivery_s));
  for (auto const& line : live.stream.sse().lines) {
    if (line.field == "id" && line.text.find('\0') != std::string::npos)
      return fail("no NUL in an id: clients ignore such an id, and resume goes wrong in silence",
                  quoted(line.text));
  }
  return pass(answer.accepted() ? "taken, and not sent as the event's id"
                                : fmt::format("refused: {}", answer.status));
}

}  // namespace

std::vector<Case> injection_cases() {
  return {
      {{"SSE-FRAME-10", "no line end enters by a name, an id or any other field",
        "HTML 9.2.6; CWE-93", Level::publish, Severity::critical},
       lets_no_line_end_in,
       {.limit_s = 60}},
      {{"SSE-FRAME-11", "ids hold no NUL, CR or LF", "HTML 9.2.6", Level::publish, Severity::major},
       sends_no_nul_in_ids},
  };
}

}  // namespace pushlab::conformance

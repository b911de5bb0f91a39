#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "tests/conformance/engine/live_channel.hpp"
#include "tests/conformance/sse_framing/sections.hpp"

namespace pushlab::conformance {
namespace {

std::vector<SseBlock const*> events_with_ids(SseCapture const& capture) {
  std::vector<SseBlock const*> found;
  for (auto const* event : capture.sse.events()) {
    if (event->has_id) found.push_back(event);
  }
  if (capture.sse.events().empty()) throw Skip("no event came");
  return found;
}

// Bytes that make a browser ask first, by a preflight, before it sends the id to another origin.
bool unsafe(unsigned char c) {
  return c < 0x20 || c >= 0x7f ||
         std::string_view("\"():<>?@[\\]{}").find(static_cast<char>(c)) != std::string_view::npos;
}

Finding ids_are_short_and_safe(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  auto const events = events_with_ids(*capture);
  if (events.empty()) return skip("no event has an id: see RECON-01");
  for (auto const* event : events) {
    auto const& id = event->id;
    if (id.size() > 128)
      return warn("at most 128 bytes", fmt::format("{}: {}", id.size(), quoted(id)));
    if (std::any_of(id.begin(), id.end(), unsafe))
      return warn("ASCII without controls and \"():<>?@[\\]{}, or each resume needs a preflight",
                  quoted(id));
  }
  return pass("such as " + quoted(events.front()->id));
}

// The digits at an id's end; what is before them; ids that differ there are not compared.
struct Number {
  std::string_view before;
  std::uint64_t value = 0;
  bool valid = false;
};

Number number_of(std::string_view id) {
  auto const digits = id.find_last_not_of("0123456789") + 1;
  Number number{id.substr(0, digits), 0, false};
  auto const [end, error] =
      std::from_chars(id.data() + digits, id.data() + id.size(), number.value);
  number.valid = error == std::errc() && end == id.data() + id.size();
  return number;
}

Finding ids_are_unique_and_in_order(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  auto const events = events_with_ids(*capture);
  if (events.empty()) return warn("an id with each event", "none");
  std::map<std::string, SseBlock const*> seen;
  std::string const no_id;  // what number_of() makes looks into its text
  SseBlock const* before = nullptr;
  for (auto const* event : events) {
    auto const [at, fresh] = seen.try_emplace(event->id, event);
    if (!fresh && at->second->data != event->data)
      return fail("an id of its own for each event", quoted(event->id) + " twice");
    auto const a = number_of(before ? before->id : no_id), b = number_of(event->id);
    if (a.valid && b.valid && a.before == b.before && b.value < a.value)
      return warn("ids that grow", quoted(event->id) + " behind " + quoted(before->id));
    before = event;
  }
  return pass(fmt::format("{} ids", seen.size()));
}

Finding ids_come_back_as_utf8(Endpoint& endpoint) {
  auto live = live_channel(endpoint);
  auto const name = live.channel.name;
  auto const first = endpoint.marker(), second = endpoint.marker();
  endpoint.post(live.channel, notification(name, "\xC3\xA9-1", first));
  endpoint.post(live.channel, notification(name, "\xC3\xA9-2", second));
  auto const* event = live.stream.await(first, Deadline::in(endpoint.settings().delivery_s));
  if (!event || event->id.find("\xC3\xA9") == std::string::npos)
    return skip("the endpoint makes its ids itself");
  auto resumed =
      open_stream(endpoint, live.channel.url, endpoint.request().with("Last-Event-ID", event->id));
  if (resumed.await(second, Deadline::in(endpoint.settings().delivery_s)) &&
      !resumed.sse().find(first))
    return pass(quoted(event->id));
  return warn("a resume behind the id sent as UTF-8, as browsers do",
              resumed.sse().find(first) ? "the event of this id once more" : "not the next event");
}

}  // namespace

std::vector<Case> id_cases() {
  return {
      {{"SSE-FRAME-12", "ids are short ASCII that needs no preflight", "Fetch; WPT", Level::url,
        Severity::minor},
       ids_are_short_and_safe},
      {{"SSE-FRAME-13", "ids are unique and in order on a stream", "Mercure; HTML 9.2.4",
        Level::url, Severity::major},
       ids_are_unique_and_in_order},
      {{"SSE-FRAME-14", "an id that is not ASCII survives the round trip as UTF-8", "HTML 9.2.4",
        Level::publish, Severity::minor},
       ids_come_back_as_utf8},
  };
}

}  // namespace pushlab::conformance

#include <fmt/format.h>

#include "tests/conformance/engine/live_channel.hpp"
#include "tests/conformance/reconnect/gap_signal.hpp"
#include "tests/conformance/reconnect/sections.hpp"

namespace pushlab::conformance {
namespace {

Finding events_carry_ids(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  auto const events = capture->sse.events();
  std::size_t with = 0;
  for (auto const* event : events) with += event->has_id ? 1 : 0;
  if (events.empty()) return skip("no event came");
  auto const seen = fmt::format("{} of {} events have one", with, events.size());
  return with > 0 ? pass(seen) : warn("an id with each event: no client can resume", seen);
}

// An event, its id, and the marker of one published behind it.
struct Past {
  Endpoint::Channel channel;
  std::string cursor;
  std::string missed;
};

Past make_past(Endpoint& endpoint) {
  auto live = live_channel(endpoint);
  auto const seen = until_live(endpoint, live.channel, live.stream);
  if (!seen.has_id) throw Skip("events have no ids: see RECON-01");
  auto missed = endpoint.marker();
  endpoint.publish(live.channel, missed);
  live.stream.await(missed, Deadline::in(endpoint.settings().delivery_s));
  return {live.channel, seen.id, std::move(missed)};
}

// The name of the query parameter by which the URL resumes; empty when it does not.
std::string cursor_parameter(Endpoint& endpoint, Past const& past) {
  for (auto const* name :
       {"lastEventId", "last_event_id", "Last-Event-ID", "last-event-id", "lastEventID", "since"}) {
    auto stream = open_stream(endpoint, past.channel.url.with_query(name, past.cursor));
    if (stream.await(past.missed, Deadline::in(endpoint.settings().reconnect.signal_s)))
      return name;
  }
  return {};
}

Finding takes_the_cursor_from_the_query(Endpoint& endpoint) {
  auto const past = make_past(endpoint);
  auto const parameter = cursor_parameter(endpoint, past);
  if (parameter.empty())
    return warn("a query parameter for the cursor, since a new EventSource has no header",
                "no event behind it by lastEventId, last_event_id and the like");
  // The header says that nothing is missed, the query that something is.
  auto newest = resume(endpoint, past.channel.url, past.cursor);
  auto const* last =
      newest.await(past.missed, Deadline::in(endpoint.settings().reconnect.signal_s));
  if (!last) return skip("resume by the header does not work: see RECON-02");
  auto both = resume(endpoint, past.channel.url.with_query(parameter, past.cursor), last->id);
  if (both.await(past.missed, Deadline::in(endpoint.settings().reconnect.signal_s)))
    return fail("the header to win: it is what the browser knows today",
                fmt::format("an event again that only {} in the query asked for", parameter));
  return pass("by " + parameter + "; the header wins");
}

Finding has_an_earliest_cursor(Endpoint& endpoint) {
  auto const past = make_past(endpoint);
  for (auto const* cursor : {"earliest", "0", "0-0"}) {
    auto stream = resume(endpoint, past.channel.url, cursor);
    if (stream.await(past.missed, Deadline::in(endpoint.settings().reconnect.signal_s)) &&
        gap_signal(stream, cursor).empty())
      return pass(fmt::format("Last-Event-ID: {} gives what there still is", cursor));
  }
  return info("none of earliest, 0 and 0-0 gives the past");
}

Finding moves_the_cursor_of_quiet_streams(Endpoint& endpoint) {
  if (!endpoint.has_own_channels()) return skip("the URL has no {events}: nothing is filtered out");
  auto live = live_channel(endpoint);
  auto const before = live.stream.sse().last_event_id;
  if (before.empty()) return skip("events have no ids: see RECON-01");
  auto const other = endpoint.channel();
  auto const count = endpoint.settings().reconnect.filtered_events;
  for (int i = 0; i < count; ++i) endpoint.publish(other, "filtered out");
  live.stream.listen(endpoint.settings().reconnect.signal_s);
  if (live.stream.sse().last_event_id != before)
    return pass("the cursor went on to " + live.stream.sse().last_event_id);
  return info(fmt::format("the cursor stays: a resume has {} events to look through", count));
}

Finding gives_the_state_to_a_new_page(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  for (auto const* event : capture->sse.events()) {
    if (lower(event->type).find("snapshot") != std::string::npos ||
        lower(event->type).find("state") != std::string::npos)
      return pass("event: " + event->type);
  }
  if (capture->head.has("Link")) return pass("Link: " + capture->head.value("Link"));
  if (endpoint.has_publisher()) {
    auto const past = make_past(endpoint);
    auto stream = open_stream(endpoint, past.channel.url);
    if (stream.await(past.missed, Deadline::in(endpoint.settings().reconnect.signal_s)))
      return pass("a stream without a cursor begins with what was published before");
  }
  if (!capture->sse.last_event_id.empty())
    return info("a cursor to begin with, " + quoted(capture->sse.last_event_id) +
                "; where the state is, the stream does not say");
  return warn("a snapshot with its cursor, or a link to one: a reloaded page knows no id",
              "neither");
}

Finding primes_the_cursor(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  auto const& blocks = capture->sse.blocks;
  if (!blocks.empty() && blocks.front().has_id) return pass("id: " + blocks.front().id);
  return info("no id in a first block: who is cut before the first event has no cursor");
}

}  // namespace

std::vector<Case> cursor_cases() {
  return {
      {{"RECON-01", "events carry ids", "HTML 9.2.4", Level::url, Severity::major},
       events_carry_ids},
      {{"RECON-07", "the query can hold the first cursor, and the header wins over it", "Mercure",
        Level::publish, Severity::minor},
       takes_the_cursor_from_the_query,
       {.limit_s = 60}},
      {{"RECON-09", "there is a cursor for everything that is still known", "Mercure",
        Level::publish, Severity::minor},
       has_an_earliest_cursor},
      {{"RECON-25", "the cursor of a quiet stream moves on with what it leaves out", "HTML 9.2.6",
        Level::publish, Severity::minor},
       moves_the_cursor_of_quiet_streams},
      {{"RECON-26", "a page that is reloaded can get the state without a Last-Event-ID",
        "HTML 9.2.4", Level::url, Severity::minor},
       gives_the_state_to_a_new_page},
      {{"RECON-27", "an id comes before the first event", "MCP SEP-1699", Level::url,
        Severity::minor},
       primes_the_cursor},
  };
}

}  // namespace pushlab::conformance

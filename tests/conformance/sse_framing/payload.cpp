#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/sse_framing/delivery.hpp"
#include "tests/conformance/sse_framing/sections.hpp"

namespace pushlab::conformance {
namespace {

Finding pass_as(Delivery const& found) {
  return pass(found.raw ? "as data lines" : "inside JSON: the endpoint takes nothing else");
}

Finding keeps_line_ends_inside(Endpoint& endpoint) {
  auto const mine = endpoint.marker();
  auto const forged = "forged-" + mine;
  auto const payload =
      fmt::format("{0}\nb\r\nc\rd\nevent: {1}\r\nid: {1}\rdata: {1}\n\ndata: {1}", mine, forged);
  auto const found = delivered(endpoint, payload, mine);
  for (auto const& line : found.lines) {
    if (line.kind == SseLine::Kind::field && line.value.starts_with(forged))
      return fail("every line end of the payload inside its event",
                  "the field " + quoted(line.text));
  }
  if (found.blocks.size() > 1)
    return fail("one event for one payload",
                fmt::format("{}: {}", found.blocks.size(), found.shown()));
  if (found.carrier()) return pass_as(found);
  return fail("the payload, with LF for its line ends, or escaped in JSON", found.shown());
}

Finding keeps_all_lines(Endpoint& endpoint) {
  auto const mine = endpoint.marker();
  auto const found = delivered(endpoint, mine + "\nsecond\nthird", mine);
  if (found.carrier()) return pass_as(found);
  return fail("a data line for each line of the payload", found.shown());
}

Finding keeps_the_last_line_end(Endpoint& endpoint) {
  auto const mine = endpoint.marker();
  auto const found = delivered(endpoint, mine + "\n", mine);
  if (found.carrier()) return pass_as(found);
  return warn("the line end at the end of the payload, by an empty data line", found.shown());
}

Finding keeps_the_first_space(Endpoint& endpoint) {
  auto const mine = endpoint.marker();
  auto const found = delivered(endpoint, " " + mine, mine);
  if (found.carrier()) return pass_as(found);
  return fail("the space at the payload's begin: two spaces behind data:", found.shown());
}

Finding sends_empty_payloads(Endpoint& endpoint) {
  auto const found = delivered(endpoint, "", "");
  if (!found.raw) return skip("the endpoint takes JSON only: what it sends is never empty");
  if (found.carrier()) return pass();
  return warn("an event with an empty data field", found.shown());
}

Finding takes_big_events_whole(Endpoint& endpoint) {
  std::string seen;
  for (auto const bytes : endpoint.settings().framing.big_bytes) {
    auto const mine = endpoint.marker();
    Delivery found;
    try {
      found = deliver(endpoint, mine + std::string(bytes, 'x'), mine);
    } catch (WireError const& error) {
      return warn(fmt::format("{} bytes whole or refused by 413", bytes), error.what());
    }
    auto const status = found.answer.status;
    if (!found.answer.accepted() && status != 413)
      return warn(fmt::format("{} bytes whole or refused by 413", bytes),
                  fmt::format("{}", status));
    if (found.answer.accepted() && !found.carrier())
      return fail(fmt::format("{} bytes whole, since they were taken", bytes), found.shown());
    seen += fmt::format("{}{} bytes {}", seen.empty() ? "" : ", ", bytes,
                        found.answer.accepted() ? "whole" : "refused");
  }
  return pass(seen);
}

bool looks_like_json(std::string const& data) {
  auto const begin = data.find_first_not_of(" \t\n");
  return begin != std::string::npos && (data[begin] == '{' || data[begin] == '[');
}

Finding sends_json_on_one_line(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  std::size_t seen = 0;
  for (auto const* event : capture->sse.events()) {
    if (!looks_like_json(event->data)) continue;
    ++seen;
    boost::json::error_code wrong;
    boost::json::parse(event->data, wrong);
    if (wrong) return warn("valid JSON", quoted(event->data));
    if (event->data.find('\n') != std::string::npos)
      return warn("JSON on one line", quoted(event->data));
  }
  if (seen == 0) return skip("no payload looks like JSON");
  return pass(fmt::format("{} payloads", seen));
}

}  // namespace

std::vector<Case> payload_cases() {
  auto const payload = [](std::string id, std::string requirement, Severity severity,
                          Case::Check check) {
    return Case{{std::move(id), std::move(requirement), "HTML 9.2.6", Level::publish, severity},
                std::move(check)};
  };
  return {
      payload("SSE-FRAME-05", "line ends inside a payload stay inside its event",
              Severity::critical, keeps_line_ends_inside),
      payload("SSE-FRAME-06", "a payload of several lines comes as several data lines",
              Severity::critical, keeps_all_lines),
      payload("SSE-FRAME-07", "a line end at the end of a payload is kept", Severity::minor,
              keeps_the_last_line_end),
      payload("SSE-FRAME-08", "a space at the begin of a payload is kept", Severity::major,
              keeps_the_first_space),
      payload("SSE-FRAME-09", "an empty payload still has a data field", Severity::minor,
              sends_empty_payloads),
      {{"SSE-FRAME-25", "big events arrive whole or are refused when published", "practice",
        Level::publish, Severity::major},
       takes_big_events_whole,
       {.limit_s = 90, .alone = true}},
      {{"SSE-FRAME-29", "JSON payloads are valid and on one line", "practice", Level::url,
        Severity::minor},
       sends_json_on_one_line},
  };
}

}  // namespace pushlab::conformance

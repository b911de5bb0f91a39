#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "tests/conformance/sse_framing/load_capture.hpp"
#include "tests/conformance/sse_framing/sections.hpp"

namespace pushlab::conformance {
namespace {

// The endpoint's events all have the same fields; a part of a split one has not.
bool same_fields(SseBlock const& a, SseBlock const& b) {
  return a.has_data == b.has_data && a.has_type == b.has_type && a.has_id == b.has_id;
}

std::string fields_of(SseBlock const& block) {
  return fmt::format("a block with{}{}{}", block.has_id ? " id" : "",
                     block.has_type ? " event" : "", block.has_data ? " data" : "");
}

// Of all blocks the most frequent kind is the whole event.
SseBlock const& usual(std::vector<SseBlock> const& blocks) {
  auto const count = [&](SseBlock const& kind) {
    return std::count_if(blocks.begin(), blocks.end(),
                         [&](SseBlock const& block) { return same_fields(block, kind); });
  };
  auto const half = static_cast<std::ptrdiff_t>(blocks.size() / 2);
  for (auto const& block : blocks) {
    if (count(block) > half) return block;
  }
  return blocks.front();
}

LoadCapture const& judged(std::shared_ptr<LoadCapture const> const& load) {
  if (load->all_accepted() == 0) throw Skip("the endpoint took none of the events");
  return *load;
}

Finding heartbeats_split_nothing(Endpoint& endpoint) {
  auto const load = load_capture(endpoint);
  if (judged(load).blocks.empty()) return skip("no event of the load came: see SSE-FRAME-30");
  auto const& whole = usual(load->blocks);
  for (auto const& block : load->blocks) {
    bool const cursor = block.has_id && !block.has_type && !block.has_data;  // sent on purpose
    if (!cursor && !same_fields(block, whole))
      return fail("events with all their fields: " + fields_of(whole), fields_of(block));
  }
  if (load->comments == 0)
    return skip(fmt::format("no comment came among {} events: there was none to split one",
                            load->events.size()));
  return pass(fmt::format("{} comments among {} events", load->comments, load->events.size()));
}

Finding writers_do_not_interleave(Endpoint& endpoint) {
  auto const load = load_capture(endpoint);
  if (judged(load).events.empty()) return skip("no event of the load came: see SSE-FRAME-30");
  auto const torn = std::count_if(load->events.begin(), load->events.end(),
                                  [](LoadCapture::Event const& event) { return !event.whole; });
  auto const seen = fmt::format("{} of {} events of {} publishers torn", torn, load->events.size(),
                                load->accepted.size());
  return torn == 0 ? pass(seen) : fail("every event as it was published", seen);
}

Finding order_is_kept(Endpoint& endpoint) {
  auto const load = load_capture(endpoint);
  std::vector<std::size_t> last(judged(load).accepted.size());
  for (auto const& event : load->events) {
    if (!event.whole || event.publisher >= last.size()) continue;
    auto& before = last[event.publisher];
    if (event.number != before + 1)
      return fail("every event once, in the order in which it was accepted",
                  fmt::format("event {} of publisher {} behind its event {}", event.number,
                              event.publisher + 1, before));
    before = event.number;
  }
  // A post may have been taken although its answer was lost.
  if (std::equal(last.begin(), last.end(), load->accepted.begin(), std::greater_equal<>()))
    return pass(fmt::format("{} events in order", load->events.size()));
  return fail("every event that was accepted",
              fmt::format("{} of {}, then {}", load->events.size(), load->all_accepted(),
                          load->end == Body::End::open ? "nothing" : "the end of the stream"));
}

}  // namespace

std::vector<Case> load_cases() {
  Needs const needs{.limit_s = 150, .alone = true};
  return {
      {{"SSE-FRAME-20", "a heartbeat never falls inside an event", "HTML 9.2.6", Level::publish,
        Severity::critical},
       heartbeats_split_nothing,
       needs},
      {{"SSE-FRAME-21", "events of several publishers do not mix", "HTML 9.2.6", Level::publish,
        Severity::critical},
       writers_do_not_interleave,
       needs},
      {{"SSE-FRAME-30", "order on a connection is the order of publishing", "promise of any push",
        Level::publish, Severity::critical},
       order_is_kept,
       needs},
  };
}

}  // namespace pushlab::conformance

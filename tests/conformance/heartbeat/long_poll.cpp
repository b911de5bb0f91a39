#include <fmt/format.h>

#include "tests/conformance/heartbeat/intermediaries.hpp"
#include "tests/conformance/heartbeat/sections.hpp"
#include "tests/conformance/polling/poll.hpp"

namespace pushlab::conformance {
namespace {

Finding an_idle_poll_is_answered(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().heartbeat;
  auto const channel = endpoint.channel();
  HeldPoll held(endpoint, channel.url, cursor_to_begin_with(endpoint, channel), {});
  auto const answer = held.answer(Deadline::in(settings.poll_listen_s));
  auto const expected = fmt::format("an answer within {:.0f} s", settings.poll_pass_s);
  if (!answer) return fail(expected, fmt::format("none within {:.0f} s", settings.poll_listen_s));
  auto const held_s = seconds_between(held.sent_at(), answer->at);
  auto const seen = fmt::format("after {:.1f} s: {}; {}", held_s, answer->head.status_line(),
                                survived_paths(Strategy::long_poll, held_s));
  if (held_s <= settings.poll_pass_s) return with_news(pass(seen));
  return held_s <= settings.poll_warn_s ? warn(expected, seen) : fail(expected, seen);
}

}  // namespace

std::vector<Case> long_poll_idle_cases() {
  return {
      {{"HB-08",
        "an idle long poll is answered before a first byte is waited for in vain",
        "RFC 6202 5.5",
        Level::url,
        Severity::major,
        {Strategy::long_poll}},
       an_idle_poll_is_answered,
       {.limit_s = 100}},
  };
}

}  // namespace pushlab::conformance

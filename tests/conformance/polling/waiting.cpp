#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <list>

#include "tests/conformance/engine/verdicts.hpp"
#include "tests/conformance/polling/poll.hpp"
#include "tests/conformance/polling/sections.hpp"
#include "tests/conformance/wire/far_end.hpp"

namespace pushlab::conformance {
namespace {

void judge_wait(Endpoint& endpoint, Url const& url, Cursor const& cursor, double wait_s,
                Verdicts& verdicts) {
  auto const slack_s = endpoint.settings().polling.slack_s;
  HeldPoll held(endpoint, url, cursor, wait_s);
  auto const answer = held.answer(Deadline::in(wait_s + slack_s));
  auto const what = fmt::format("wait={}: ", wait_s);
  if (!answer) return verdicts.bad(what + fmt::format("no answer in {} s", wait_s + slack_s));
  auto const took_s = seconds_between(held.sent_at(), answer->at);
  if (answer->head.status / 100 != 2) return verdicts.bad(what + answer->in_short());
  if (took_s < wait_s - slack_s) return verdicts.bad(what + fmt::format("after {:.1f} s", took_s));
  verdicts.good();
}

// The server's end of a poll that was given up, where it can be seen.
void judge_abort(Endpoint& endpoint, Url const& url, Cursor const& cursor, Verdicts& verdicts) {
  auto const freed_s = endpoint.settings().polling.freed_s;
  auto held = std::make_optional<HeldPoll>(endpoint, url, cursor, 20);
  if (held->answer(Deadline::in(endpoint.settings().polling.prime_s)))
    return verdicts.bad("wait=20 is not waited for");
  FarEnd const far_end(held->connection().descriptor());
  if (!far_end.state()) return;  // not on this machine
  held.reset();
  if (far_end.released(Deadline::in(freed_s))) return verdicts.good();
  verdicts.bad(fmt::format("an aborted poll is still held after {} s", freed_s));
}

Finding waits_as_asked(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().polling;
  auto const channel = endpoint.channel();
  auto const cursor = first_cursor(endpoint, channel);
  if (cursor.form != Cursor::Form::next) return skip("no parameter \"wait\" is known here");
  Verdicts verdicts;
  HeldPoll endless(endpoint, channel.url, cursor, 1e6);
  judge_wait(endpoint, channel.url, cursor, 0, verdicts);
  judge_wait(endpoint, channel.url, cursor, settings.wait_s, verdicts);
  judge_abort(endpoint, channel.url, cursor, verdicts);
  auto const passed_s = seconds_between(endless.sent_at(), Clock::now());
  auto const answer = endless.answer(Deadline::in(settings.cap_s - passed_s));
  if (!answer)
    verdicts.bad(fmt::format("wait=1000000 is held for more than {:.0f} s", settings.cap_s));
  else if (answer->head.status / 100 != 2 && answer->head.status / 100 != 4)
    verdicts.bad("wait=1000000: " + answer->in_short());
  else
    verdicts.good();
  return verdicts.finding("answers when their time is over, capped, and no poll held for nobody",
                          "polls");
}

int most_polls(Endpoint const& endpoint) {
  constexpr int others = 200;  // descriptors
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  auto const room = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 1 << 20)) - others;
  return std::min(endpoint.settings().polling.herd, std::max(room, 10));
}

Finding wakes_all(Endpoint& endpoint) {
  auto const channel = endpoint.channel();
  auto const cursor = first_cursor(endpoint, channel);
  std::list<HeldPoll> herd;
  for (int i = 0; i < most_polls(endpoint); ++i)
    herd.emplace_back(endpoint, channel.url, cursor, 50);
  auto const marker = endpoint.marker();
  auto const begin = Clock::now();
  endpoint.publish(channel, marker);
  auto const deadline = Deadline::in(endpoint.settings().delivery_s);
  std::vector<double> delays_s;
  std::string other;
  for (auto& held : herd) {
    auto const answer = held.answer(deadline);
    if (answer && answer->has(marker))
      delays_s.push_back(seconds_between(begin, answer->at));
    else
      other = answer ? answer->in_short() : std::string("no answer");
  }
  if (delays_s.size() < herd.size())
    return fail(fmt::format("{} polls woken by one event", herd.size()),
                fmt::format("{} woken; others: {}", delays_s.size(), other));
  return pass(fmt::format("{} polls, the last after {:.0f} ms", herd.size(),
                          *std::max_element(delays_s.begin(), delays_s.end()) * 1e3));
}

}  // namespace

std::vector<Case> poll_waiting_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"POLL-04",
        "a poll is held as long as asked, at most a minute, and for nobody else",
        "RFC 6202 5.5",
        url,
        major,
        {Strategy::long_poll}},
       waits_as_asked,
       {.limit_s = 90}},
      {{"POLL-06",
        "one event wakes all polls that wait",
        "RFC 6202 2.2",
        publish,
        minor,
        {Strategy::long_poll}},
       wakes_all,
       {.limit_s = 60, .alone = true}},
  };
}

}  // namespace pushlab::conformance

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "tests/conformance/engine/verdicts.hpp"
#include "tests/conformance/polling/poll.hpp"
#include "tests/conformance/polling/sections.hpp"

namespace pushlab::conformance {
namespace {

// What is wrong with an answer that has no news; empty: nothing.
std::string fault(PollAnswer const& answer) {
  auto const status = answer.head.status;
  if (status != 200 && status != 204 && status != 304) return answer.in_short();
  if (answer.body.end != Body::End::complete) return "a body that does not end";
  if (status != 200) return answer.body.content.empty() ? "" : answer.in_short();
  bool const says_json = lower(answer.head.value("Content-Type")).find("json") != std::string::npos;
  if (says_json && !answer.is_json) return "JSON that is none: " + quoted(answer.text);
  if (answer.events.value_or(0) > 0) return "events on a quiet channel: " + quoted(answer.text);
  if (answer.reset) return "a reset of the newest cursor: " + quoted(answer.text);
  return answer.has_cursor ? "" : "no cursor: " + quoted(answer.text);
}

Finding says_nothing_in_one_form(Endpoint& endpoint) {
  auto const channel = endpoint.channel();
  auto cursor = first_cursor(endpoint, channel);
  std::vector<PollAnswer> answers;
  for (int i = 0; i < 2; ++i) {
    HeldPoll held(endpoint, channel.url, cursor, 1);
    auto answer = held.answer(Deadline::in(endpoint.settings().polling.idle_s));
    if (!answer)
      return skip(fmt::format("an idle poll is not answered within {:.0f} s: see HB-08",
                              endpoint.settings().polling.idle_s));
    cursor = answer->cursor;
    answers.push_back(std::move(*answer));
  }
  auto const expected = "200 with an empty body and the cursor, 204 or 304, always the same";
  for (auto const& answer : answers)
    if (auto const wrong = fault(answer); !wrong.empty()) return fail(expected, wrong);
  if (answers[0].head.status != answers[1].head.status)
    return fail(expected, answers[0].in_short() + ", then " + answers[1].in_short());
  if (!answers[1].has_cursor)
    return warn("a cursor, so that a quiet client's does not grow stale", answers[1].in_short());
  return pass(answers[1].in_short());
}

bool has(std::vector<std::string> const& members, std::string_view name) {
  return std::any_of(members.begin(), members.end(),
                     [name](auto const& one) { return same_text(one, name); });
}

// The seconds of max-age or s-maxage; -1 without.
int lifetime_s(std::vector<std::string> const& members) {
  int longest = -1;
  for (auto const& member : members) {
    auto const equals = member.find('=');
    auto const name = lower(member.substr(0, equals));
    if (equals == std::string::npos || (name != "max-age" && name != "s-maxage")) continue;
    int seconds = 0;
    std::from_chars(member.data() + equals + 1, member.data() + member.size(), seconds);
    longest = std::max(longest, seconds);
  }
  return longest;
}

void judge_caching(Endpoint const& endpoint, PollAnswer const& answer, Verdicts& verdicts) {
  auto const control = answer.head.members("Cache-Control");
  auto const seen = fmt::format("{}, Cache-Control: {}", answer.head.status_line(),
                                quoted(answer.head.value("Cache-Control")));
  if (has(control, "no-store")) return verdicts.good();
  bool const asks_first = has(control, "no-cache") || lifetime_s(control) == 0;
  if (!asks_first) return verdicts.bad(seen);
  // A short poll that is always revalidated is what ETag is for.
  bool const validated = endpoint.strategy() == Strategy::short_poll && answer.head.has("ETag");
  validated ? verdicts.good() : verdicts.soft(seen);
}

bool is_entity_tag(std::string tag) {
  if (tag.starts_with("W/")) tag = tag.substr(2);
  return tag.size() >= 2 && tag.front() == '"' && tag.back() == '"' &&
         tag.find('"', 1) == tag.size() - 1;
}

// A short poll's ETag: 304 while nothing happens, 200 with another one when something has.
void judge_validation(Endpoint& endpoint, Endpoint::Channel const& channel, Cursor const& cursor,
                      Verdicts& verdicts) {
  auto const first = poll(endpoint, channel.url, cursor);
  auto const tag = first.head.value("ETag");
  if (tag.empty()) return;
  if (!is_entity_tag(tag)) return verdicts.bad("ETag: " + quoted(tag));
  Fields const condition{{"If-None-Match", tag}};
  auto const same = poll(endpoint, channel.url, cursor, 0, condition);
  if (same.head.status == 200)
    verdicts.soft("200 for If-None-Match with the ETag just given");
  else if (same.head.status != 304 || !same.body.content.empty())
    verdicts.bad("for If-None-Match with the ETag just given: " + same.in_short());
  else
    judge_caching(endpoint, same, verdicts);
  if (same.head.has("ETag") && same.head.value("ETag") != tag && same.head.status == 304)
    verdicts.bad(fmt::format("304 with ETag {} for {}", same.head.value("ETag"), tag));
  if (!endpoint.has_publisher()) return;
  auto const marker = endpoint.marker();
  endpoint.publish(channel, marker);
  auto const news = poll(endpoint, channel.url, cursor, 0, condition);
  if (!news.has(marker))
    verdicts.bad("an event is not in the answer to If-None-Match: " + news.in_short());
  else if (news.head.value("ETag") == tag)
    verdicts.bad("the same ETag for other content: " + tag);
}

Finding is_not_stored(Endpoint& endpoint) {
  auto const channel = endpoint.channel();
  Verdicts verdicts;
  auto const cursor = first_cursor(endpoint, channel);
  if (endpoint.has_publisher()) {
    endpoint.publish(channel, endpoint.marker());
    judge_caching(endpoint, poll(endpoint, channel.url, cursor, 1), verdicts);
  } else if (cursor.form == Cursor::Form::next) {
    judge_caching(endpoint, poll(endpoint, channel.url, cursor, 1), verdicts);
  }
  if (endpoint.strategy() == Strategy::short_poll && cursor.form == Cursor::Form::next)
    judge_validation(endpoint, channel, first_cursor(endpoint, channel), verdicts);
  return verdicts.finding("Cache-Control: no-store, and 304 where ETag says nothing happened",
                          "answers");
}

}  // namespace

std::vector<Case> poll_answer_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"POLL-02", "no news has one form, with the cursor", "RFC 6202 2.2", url, major,
        both_polls()},
       says_nothing_in_one_form,
       {.limit_s = 130}},
      {{"POLL-03", "answers are not stored; a short poll's ETag is right", "RFC 9110 13, 9111 5.2",
        url, major, both_polls()},
       is_not_stored},
  };
}

}  // namespace pushlab::conformance

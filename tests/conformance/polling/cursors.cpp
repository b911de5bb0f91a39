#include <fmt/format.h>

#include <array>

#include "tests/conformance/engine/verdicts.hpp"
#include "tests/conformance/polling/poll.hpp"
#include "tests/conformance/polling/sections.hpp"

namespace pushlab::conformance {
namespace {

// Which of the markers the answers hold, in the order in which they do: " 1 2".
std::string order_in(std::vector<PollAnswer> const& answers,
                     std::vector<std::string> const& markers) {
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> found;
  for (std::size_t i = 0; i < answers.size(); ++i)
    for (std::size_t j = 0; j < markers.size(); ++j)
      for (auto at = answers[i].text.find(markers[j]); at != std::string::npos;
           at = answers[i].text.find(markers[j], at + 1))
        found[{i, at}] = j + 1;
  std::string order;
  for (auto const& [place, number] : found) order += fmt::format(" {}", number);
  return order;
}

std::vector<std::string> publish_marked(Endpoint& endpoint, Endpoint::Channel const& channel,
                                        int count) {
  std::vector<std::string> markers;
  for (int i = 0; i < count; ++i) {
    markers.push_back(endpoint.marker());
    endpoint.publish(channel, markers.back());
  }
  return markers;
}

Finding loses_nothing_between_polls(Endpoint& endpoint) {
  auto const channel = endpoint.channel();
  auto cursor = first_cursor(endpoint, channel);
  std::vector<std::string> markers;
  std::vector<PollAnswer> answers;
  for (int const count : {1, 2}) {
    auto published = publish_marked(endpoint, channel, count);
    markers.insert(markers.end(), published.begin(), published.end());
    for (auto& answer : poll_until(endpoint, channel.url, cursor, markers.back()))
      answers.push_back(std::move(answer));
  }
  auto const order = order_in(answers, markers);
  if (order == " 1 2 3") return pass();
  return fail("events 1 2 3, published while no poll was waiting, once each",
              order.empty() ? "none of them" : "events" + order);
}

Finding repeats_itself(Endpoint& endpoint) {
  auto const channel = endpoint.channel();
  auto const cursor = first_cursor(endpoint, channel);
  auto const markers = publish_marked(endpoint, channel, 2);
  std::array<std::string, 2> orders;
  for (auto& order : orders) {
    std::vector<PollAnswer> answers;
    answers.push_back(poll(endpoint, channel.url, cursor, 1));
    order = order_in(answers, markers);
  }
  if (!orders[0].empty() && orders[0] == orders[1]) return pass();
  return fail("the same events for the same cursor",
              fmt::format("first{}, then{}", orders[0].empty() ? " none" : orders[0],
                          orders[1].empty() ? " none" : orders[1]));
}

// Cursors that the endpoint never gave out, made from one that it did.
std::vector<std::string> stale_cursors(Cursor const& cursor) {
  auto const quote = cursor.form == Cursor::Form::etag ? "\"" : "";
  auto const digits = cursor.value.find_last_of('-');
  std::vector<std::string> values{"garbage", "0-1", "ffffffff-1", std::string(8192, '7')};
  if (digits != std::string::npos && cursor.form == Cursor::Form::next) {
    values.push_back(cursor.value.substr(0, digits) + "-999999999");
    values.push_back(cursor.value + "x");
  }
  for (auto& value : values) value = quote + value + quote;
  return values;
}

Finding says_when_a_cursor_is_lost(Endpoint& endpoint) {
  auto const channel = endpoint.channel();
  auto cursor = first_cursor(endpoint, channel);
  cursor.modified.clear();
  Verdicts verdicts;
  for (auto const& value : stale_cursors(cursor)) {
    cursor.value = value;
    HeldPoll held(endpoint, channel.url, cursor, 0);
    auto const what = "cursor " + quoted(value, 24);
    try {
      auto const answer = held.answer(endpoint.answer_deadline());
      if (!answer)
        verdicts.bad(what + ": no answer, as if nothing had been missed");
      else if (answer->reset || answer->head.status / 100 == 4)
        verdicts.good();
      else
        verdicts.bad(what + ": " + answer->in_short());
    } catch (WireError const& error) {
      verdicts.bad(what + ": " + error.what());
    }
  }
  return verdicts.finding("\"reset\":true or a 4xx", "stale cursors");
}

}  // namespace

std::vector<Case> poll_cursor_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"POLL-01", "no event is lost between two polls", "RFC 6202 2.2", publish, critical,
        both_polls()},
       loses_nothing_between_polls},
      {{"POLL-05", "the same cursor gives the same events again", "RFC 9110 9.2.2", publish,
        critical, both_polls()},
       repeats_itself},
      {{"POLL-08", "a cursor that is not known is answered by an explicit reset", "RECON-05", url,
        critical, both_polls()},
       says_when_a_cursor_is_lost,
       {.limit_s = 60}},
  };
}

}  // namespace pushlab::conformance

#include <fmt/format.h>

#include "tests/conformance/polling/poll.hpp"
#include "tests/conformance/polling/sections.hpp"

namespace pushlab::conformance {
namespace {

// What is missing, doubled or out of order; empty: nothing.
std::string fault(std::vector<PollAnswer> const& answers, std::vector<std::string> const& markers) {
  std::size_t next = 0;
  for (auto const& answer : answers) {
    std::size_t from = 0;
    while (next < markers.size()) {
      auto const at = answer.text.find(markers[next], from);
      if (at == std::string::npos) break;
      from = at + 1;
      ++next;
    }
    if (next < markers.size() && answer.has(markers.back()))
      return fmt::format("the last event came, but event {} did not in its order", next + 1);
  }
  if (next < markers.size())
    return fmt::format("{} of {} events in {} answers", next, markers.size(), answers.size());
  return {};
}

Finding serves_late_clients_in_batches(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().polling;
  auto const channel = endpoint.channel();
  auto cursor = first_cursor(endpoint, channel);
  std::vector<std::string> markers;
  for (int i = 0; i < settings.late_events; ++i) {
    markers.push_back(endpoint.marker());
    endpoint.publish(channel, markers.back() + std::string(settings.late_bytes, 'x'));
  }
  auto const answers = poll_until(endpoint, channel.url, cursor, markers.back());
  auto const all = fmt::format("{} events of {} bytes", markers.size(), settings.late_bytes);
  if (!answers.empty() && answers.front().reset)
    return info(all + " are more than the endpoint keeps: it says so by a reset");
  if (auto const wrong = fault(answers, markers); !wrong.empty())
    return fail("all events a late client missed, in order", wrong);
  auto const seen = fmt::format("{} in {} answers, the first of {} bytes", all, answers.size(),
                                answers.front().text.size());
  if (answers.size() == 1) return info(seen + ": no limit was reached");
  bool const flagged = answers.front().more || answers.front().cursor.form == Cursor::Form::etag;
  return flagged ? pass(seen) : warn("\"more\":true where an answer does not hold all", seen);
}

}  // namespace

std::vector<Case> poll_late_client_cases() {
  return {{{"POLL-07", "a late client gets what it missed in bounded answers, flagged as such",
            "product", Level::publish, Severity::minor, both_polls()},
           serves_late_clients_in_batches,
           {.limit_s = 60}}};
}

}  // namespace pushlab::conformance

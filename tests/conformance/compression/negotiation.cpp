#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "tests/conformance/compression/codings.hpp"
#include "tests/conformance/compression/sections.hpp"
#include "tests/conformance/engine/verdicts.hpp"

namespace pushlab::conformance {
namespace {

std::string shown(std::optional<std::string> const& accept) {
  return accept ? fmt::format("\"Accept-Encoding: {}\"", *accept)
                : std::string("no Accept-Encoding");
}

Finding codes_only_when_asked(Endpoint& endpoint) {
  Verdicts verdicts;
  for (auto const& accept : {std::optional<std::string>(), std::optional<std::string>("identity"),
                             std::optional<std::string>("")}) {
    auto const answer = answer_for(endpoint, accept);
    if (answer.coding.empty())
      verdicts.good();
    else
      verdicts.bad(fmt::format("{}: Content-Encoding: {}", shown(accept), answer.coding));
  }
  return verdicts.finding("no coding unless it is asked for", "ways not to ask");
}

// `accept` and the codings it forbids; "" is identity, which may then be refused or sent.
void judge_forbidden(Endpoint& endpoint, std::string const& accept,
                     std::vector<std::string> const& forbidden, Verdicts& verdicts) {
  auto const answer = answer_for(endpoint, accept);
  if (answer.silent) return;  // COMP-04 judges that
  if (std::find(forbidden.begin(), forbidden.end(), answer.coding) == forbidden.end())
    return verdicts.good();
  verdicts.bad(fmt::format("{}: Content-Encoding: {}", shown(accept), answer.coding));
}

Finding heeds_weights(Endpoint& endpoint) {
  auto const used = used_codings(endpoint);
  Verdicts verdicts;
  for (auto const& coding : used) {
    judge_forbidden(endpoint, coding + ";q=0", {coding}, verdicts);
    judge_forbidden(endpoint, coding + "; q=0.000, identity", {coding}, verdicts);
    judge_forbidden(endpoint, coding + ";q=0, *", {coding}, verdicts);
  }
  judge_forbidden(endpoint, "*;q=0", used, verdicts);
  judge_forbidden(endpoint, "identity, *;q=0", used, verdicts);
  if (used.size() > 1) {
    for (bool const turned : {false, true}) {
      auto const& first = used[turned ? 1 : 0];
      auto const accept = fmt::format("{};q=1, {};q=0.1", first, used[turned ? 0 : 1]);
      auto const answer = answer_for(endpoint, accept);
      answer.coding == first || answer.silent
          ? verdicts.good()
          : verdicts.soft(fmt::format("{}: Content-Encoding: {}", shown(accept), answer.coding));
    }
  }
  return verdicts.finding("never a coding with q=0, and the one with the highest weight",
                          "lists heeded");
}

bool varies(Head const& head) {
  auto const members = head.members("Vary");
  return std::any_of(members.begin(), members.end(), [](auto const& member) {
    return member == "*" || same_text(member, "Accept-Encoding");
  });
}

Finding varies_by_coding(Endpoint& endpoint) {
  auto const used = used_codings(endpoint);
  Verdicts verdicts;
  for (auto const& coding : used) {
    auto const answer = answer_in(endpoint, coding);
    varies(answer->head)
        ? verdicts.good()
        : verdicts.bad(fmt::format("in {}: Vary: {}", coding, quoted(answer->head.value("Vary"))));
  }
  auto const plain = answer_for(endpoint, {});
  varies(plain.head) ? verdicts.good()
                     : verdicts.soft("uncoded: Vary: " + quoted(plain.head.value("Vary")));
  return verdicts.finding("Vary: Accept-Encoding on coded and uncoded answers",
                          fmt::format("answers, in {} and uncoded", fmt::join(used, ", ")));
}

}  // namespace

std::vector<Case> compression_negotiation_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"COMP-01", "nothing is coded unless it is asked for", "RFC 9110 12.5.3", url, critical,
        over_http()},
       codes_only_when_asked},
      {{"COMP-02", "a coding with q=0 is not used, weights are heeded", "RFC 9110 12.5.3", url,
        major, over_http()},
       heeds_weights,
       {.limit_s = 60}},
      {{"COMP-05", "answers vary by Accept-Encoding and say so", "RFC 9110 12.5.5", url, major,
        over_http()},
       varies_by_coding},
  };
}

}  // namespace pushlab::conformance

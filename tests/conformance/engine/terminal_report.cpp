#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tests/conformance/engine/reporters.hpp"

namespace pushlab::conformance {
namespace {

std::string group_of(Rule const& rule) {
  return rule.id.substr(0, rule.id.rfind('-'));
}

std::size_t count(std::vector<Result> const& results, Verdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(results.begin(), results.end(),
                    [verdict](Result const& r) { return r.finding.verdict == verdict; }));
}

// Failures and warnings, with everything; what is good to know, in a line.
bool worth_telling(Result const& result) {
  auto const verdict = result.finding.verdict;
  return verdict == Verdict::fail || verdict == Verdict::warn || verdict == Verdict::info ||
         result.finding.is_news;
}

std::string told(Result const& result) {
  if (result.finding.expected.empty())
    return fmt::format("  {} {}: {}\n", name_of(result.finding.verdict), result.rule.id,
                       result.finding.seen);
  return fmt::format(
      "  {} {} ({}): {}\n       source    {}\n       expected  {}\n       saw       {}\n",
      name_of(result.finding.verdict), result.rule.id, name_of(result.rule.severity),
      result.rule.requirement, result.rule.source, result.finding.expected, result.finding.seen);
}

}  // namespace

std::string terminal_report(Tested const& tested, std::vector<Result> const& results) {
  std::string text = fmt::format("{} ({})\n", tested.url, name_of(tested.strategy));
  std::string group;
  for (auto const& result : results) {
    if (!worth_telling(result)) continue;
    if (group_of(result.rule) != group) {
      group = group_of(result.rule);
      text += fmt::format("\n{}\n", group);
    }
    text += told(result);
  }
  text += fmt::format("\n{} rules:", results.size());
  constexpr std::array verdicts{Verdict::pass, Verdict::fail, Verdict::warn, Verdict::info,
                                Verdict::skip};
  for (auto const verdict : verdicts)
    text += fmt::format("{} {} {}", verdict == Verdict::pass ? "" : ",", count(results, verdict),
                        name_of(verdict));
  return text + "\n";
}

std::string rule_list(std::vector<Case> const& cases) {
  std::string text =
      fmt::format("{:<14} {:<5} {:<9} {}\n", "rule", "level", "severity", "requirement");
  for (auto const& one : cases)
    text += fmt::format("{:<14} {:<5} {:<9} {}{}\n", one.rule.id, name_of(one.rule.level),
                        name_of(one.rule.severity), one.rule.requirement,
                        one.check ? "" : " (not testable black-box: " + one.why_not + ")");
  return text;
}

}  // namespace pushlab::conformance

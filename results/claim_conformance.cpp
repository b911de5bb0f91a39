#include <fmt/format.h>

#include "results/claim_check.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

struct Found {
  json::object const* rule = nullptr;
  std::string reason;  // why there is none
};

Found rule_of(json::object const& decision, std::string const& target, std::string const& id) {
  Found found{nullptr, fmt::format("the rules of {} were not checked", target)};
  std::string failed;
  for (json::value const& value : array_at(decision, "conformance")) {
    if (!value.is_object() || text_at(value.get_object(), "target") != target) continue;
    json::object const& checked = value.get_object();
    // A target may be checked twice, over TLS too: why it failed says more than that it lacks one.
    if (auto const error = text_at(checked, "error"); !error.empty())
      found.reason = failed = error;
    else if (failed.empty())
      found.reason = fmt::format("the rule {} was not checked on {}", id, target);
    for (json::value const& rule : array_at(checked, "cases"))
      if (rule.is_object() && text_at(rule.get_object(), "id") == id)
        return {&rule.get_object(), ""};
  }
  return found;
}

Outcome opposite(Outcome outcome) {
  return outcome == Outcome::confirmed ? Outcome::refuted
         : outcome == Outcome::refuted ? Outcome::confirmed
                                       : outcome;
}

// A rule that finds out a number has no verdict of its own: its words are compared.
Outcome outcome_of(std::string const& verdict, std::string const& reason,
                   std::string const& words) {
  if (verdict == "fail") return Outcome::refuted;
  if (!words.empty())
    return reason.find(words) != std::string::npos ? Outcome::confirmed : Outcome::refuted;
  return verdict == "pass" ? Outcome::confirmed : Outcome::undecided;
}

}  // namespace

Outcome ClaimChecks::judge_conformance(json::object& check) const {
  std::string const id = text_at(check, "conform");
  std::string const target = text_at(check, "target");
  auto const [rule, why] = rule_of(decision_, target, id);
  if (rule == nullptr) return missing(check, why);
  std::string const verdict = text_at(*rule, "verdict");
  std::string const reason = text_at(*rule, "reason");
  if (verdict == "skip")
    return missing(check,
                   fmt::format("the rule {} could not be checked on {}: {}", id, target, reason));
  Outcome outcome = outcome_of(verdict, reason, text_at(check, "says"));
  if (text_at(check, "confirmed_by", "pass") == "fail") outcome = opposite(outcome);
  check["verdict"] = verdict;
  if (outcome == Outcome::undecided) check["reason"] = reason;
  return conclude(
      check, outcome,
      fmt::format("The rule {} on {} ({}): {}{}{}.", id, target, text_at(*rule, "requirement", id),
                  verdict, reason.empty() ? "" : ", ", reason));
}

}  // namespace pushlab::results

#include "results/claims.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "results/claim_check.hpp"
#include "results/format.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

struct Judged {
  std::vector<json::object const*> confirmed, refuted, border, undecided, missing;
  bool incomplete = false;  // one that is not optional is missing
};

std::vector<std::string> titles(std::vector<json::object const*> const& checks) {
  std::vector<std::string> found;
  for (json::object const* check : checks) found.push_back(text_at(*check, "title"));
  return found;
}

std::string_view verdict_of(Judged const& judged) {
  if (!judged.confirmed.empty() && !judged.refuted.empty()) return "depends";
  bool const none = judged.confirmed.empty() && judged.refuted.empty() && judged.border.empty();
  if (none && judged.undecided.empty()) return "not testable here";
  if (none || judged.incomplete || !judged.undecided.empty()) return "undecided";
  if (!judged.border.empty()) return "depends";
  return judged.refuted.empty() ? "confirmed" : "refuted";
}

std::string first_sentence(std::vector<json::object const*> const& checks) {
  return text_at(*checks.front(), "sentence");
}

std::string depends_on(Judged const& judged) {
  std::string text;
  auto const add = [&](std::string_view form, std::vector<json::object const*> const& checks) {
    if (checks.empty()) return;
    if (!text.empty()) text += "; ";
    text += fmt::format(fmt::runtime(form), list(titles(checks)));
  };
  add("it holds for {}", judged.confirmed);
  add(judged.confirmed.empty() ? "it does not hold for {}" : "not for {}", judged.refuted);
  add("at its limit, so that it depends on where that is drawn: {}", judged.border);
  return text;
}

std::string left_open(Judged const& judged) {
  auto text = judged.undecided.empty()
                  ? std::string()
                  : fmt::format(" Undecided: {}.", list(titles(judged.undecided)));
  if (!judged.missing.empty())
    text += fmt::format(" Not measured: {} ({}).", list(titles(judged.missing)),
                        text_at(*judged.missing.front(), "reason"));
  return text;
}

std::string sentence_of(Judged const& judged, std::string_view verdict) {
  auto const all = [&](char const* word, std::vector<json::object const*> const& checks) {
    return checks.size() == 1
               ? first_sentence(checks)
               : fmt::format("{} in all {} checks. For {}: {}", word, checks.size(),
                             text_at(*checks.front(), "title"), first_sentence(checks));
  };
  if (verdict == "confirmed") return all("It holds", judged.confirmed) + left_open(judged);
  if (verdict == "refuted") return all("It does not hold", judged.refuted) + left_open(judged);
  if (verdict == "depends") {
    auto text = depends_on(judged);
    text.front() = static_cast<char>(std::toupper(text.front()));
    text += ".";
    for (auto const* checks : {&judged.confirmed, &judged.refuted, &judged.border})
      if (!checks->empty())
        text +=
            fmt::format(" For {}: {}", text_at(*checks->front(), "title"), first_sentence(*checks));
    return text + left_open(judged);
  }
  auto const& known = judged.confirmed.empty() ? judged.refuted : judged.confirmed;
  auto const open =
      judged.border.empty()
          ? left_open(judged)
          : fmt::format(" At the limit: {}.{}", list(titles(judged.border)), left_open(judged));
  if (known.empty())
    return first_sentence(judged.undecided.empty() ? judged.border : judged.undecided) + open;
  return fmt::format("So far it {} for: {}.{}",
                     judged.confirmed.empty() ? "does not hold" : "holds", list(titles(known)),
                     open);
}

Judged judge_checks(json::object& claim, ClaimChecks& checks) {
  Judged judged;
  json::value* list = claim.if_contains("checks");
  if (list == nullptr || !list->is_array()) return judged;
  for (json::value& value : list->get_array()) {
    if (!value.is_object()) throw ResultError("a check must be an object");
    json::object& check = value.get_object();
    for (char const* old : {"outcome", "sentence", "value", "lo", "hi", "unit", "rule", "reason",
                            "undelivered", "verdict", "narrow", "level", "once"})
      check.erase(old);
    switch (checks.judge(check)) {
      case Outcome::confirmed:
        judged.confirmed.push_back(&check);
        break;
      case Outcome::refuted:
        judged.refuted.push_back(&check);
        break;
      case Outcome::border:
        judged.border.push_back(&check);
        break;
      case Outcome::undecided:
        judged.undecided.push_back(&check);
        break;
      case Outcome::missing:
        judged.missing.push_back(&check);
        judged.incomplete = judged.incomplete || !truth_at(check, "optional", false);
    }
  }
  return judged;
}

void judge(json::object& claim, ClaimChecks& checks) {
  for (char const* old : {"verdict", "sentence", "depends_on", "reason"}) claim.erase(old);
  Judged const judged = judge_checks(claim, checks);
  auto const verdict = verdict_of(judged);
  claim["verdict"] = verdict;
  if (verdict == "not testable here") {
    std::string const reason = judged.missing.empty()
                                   ? text_at(claim, "not_testable", "it has no checks")
                                   : text_at(*judged.missing.front(), "reason");
    claim["reason"] = reason;
    claim["sentence"] = judged.missing.empty() ? reason : first_sentence(judged.missing);
    return;
  }
  if (verdict == "depends") claim["depends_on"] = depends_on(judged);
  claim["sentence"] = sentence_of(judged, verdict);
}

}  // namespace

void judge_claims(json::object& decision) {
  json::value* claims = decision.if_contains("claims");
  if (claims == nullptr || !claims->is_array()) return;
  ClaimChecks checks(decision);
  for (json::value& claim : claims->get_array()) {
    if (!claim.is_object()) throw ResultError("a claim must be an object");
    judge(claim.get_object(), checks);
  }
}

std::map<std::string, std::set<std::string>> undecided_ratios(json::object const& decision) {
  std::map<std::string, std::set<std::string>> found;
  for (json::value const& claim : array_at(decision, "claims")) {
    if (text_at(claim.as_object(), "verdict") != "undecided") continue;
    for (json::value const& value : array_at(claim.as_object(), "checks")) {
      json::object const& check = value.as_object();
      std::string const against = text_at(check, "against");
      bool const has_interval = number_at(check, "lo") && !truth_at(check, "once", false);
      if (against.empty() || text_at(check, "outcome") != "undecided" || !has_interval) continue;
      found[text_at(check, "experiment")].insert({text_at(check, "target"), against});
    }
  }
  return found;
}

}  // namespace pushlab::results

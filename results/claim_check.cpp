#include "results/claim_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/oracle.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

json::value finite(std::optional<double> value) {
  return value && std::isfinite(*value) ? json::value(*value) : json::value();
}

void write(json::object& check, Quantity const& quantity) {
  check["value"] = finite(quantity.value);
  check["lo"] = finite(quantity.lo);
  check["hi"] = finite(quantity.hi);
  check["unit"] = quantity.unit;
  if (quantity.value && std::isinf(*quantity.value)) check["undelivered"] = true;
}

std::optional<Interval> interval_of(Quantity const& quantity) {
  if (!quantity.lo || !quantity.hi) return std::nullopt;
  return Interval{*quantity.lo, *quantity.hi};
}

// "5.20 ms (5.00 ms to 5.40 ms)"
std::string measured_text(json::object const& check, Quantity const& quantity) {
  auto const end = [&](double value) {
    return std::isfinite(value) ? results::quantity(value, quantity.unit)
                                : std::string(infinite_text(metric(text_at(check, "metric"))));
  };
  auto const text = end(*quantity.value);
  auto const range = interval_of(quantity);
  if (!range) return text + " (no interval)";
  if (range->lo == range->hi) return text;
  if (!std::isfinite(range->hi)) return fmt::format("{} ({} or more)", text, end(range->lo));
  return fmt::format("{} ({} to {})", text, end(range->lo), end(range->hi));
}

json::object const& target_of(json::object const& result, std::string_view id) {
  static json::object const none;
  for (json::value const& target : array_at(result, "targets"))
    if (target.is_object() && text_at(target.get_object(), "id") == id) return target.get_object();
  return none;
}

std::string title_of(json::object const& result, std::string const& id) {
  return text_at(target_of(result, id), "title", id);
}

// "Latency, median, of SSE (Asio) as a ratio to WebSocket (Beast)"
std::string subject(json::object const& result, json::object const& check) {
  auto const text = fmt::format("{}, of {}", metric(text_at(check, "metric")).title,
                                title_of(result, text_at(check, "target")));
  std::string const against = text_at(check, "against");
  return against.empty() ? text
                         : fmt::format("{} as a ratio to {}", text, title_of(result, against));
}

// What was counted is exact: one lost delivery is a finding, in however few repetitions.
bool is_count(json::object const& check) {
  return metric(text_at(check, "metric")).source == Source::sum &&
         text_at(check, "against").empty();
}

// The interval of one repetition holds nothing of how much runs differ: its figure is trusted to a
// factor of two (ARCHITECTURE 56), and not at all where it saw none.
bool widen_once(Quantity& quantity) {
  quantity.narrow = {};
  if (*quantity.value == 0) {
    quantity.lo = quantity.hi = {};
    quantity.reason = "one repetition saw none, which says nothing of others";
  } else if (std::isfinite(*quantity.value)) {
    quantity.lo = *quantity.value / 2;
    quantity.hi = *quantity.value * 2;
    return true;
  }
  return false;
}

Outcome without_interval(json::object& check, Quantity const& quantity, std::string const& what) {
  std::string const reason = quantity.reason.empty() ? "there is no interval" : quantity.reason;
  check["reason"] = reason;
  return conclude(
      check, Outcome::undecided,
      fmt::format("{} {}; undecided: {}.", what, measured_text(check, quantity), reason));
}

std::string_view said(Outcome outcome) {
  return outcome == Outcome::confirmed ? "it holds"
         : outcome == Outcome::refuted ? "it does not"
         : outcome == Outcome::border  ? "it is at the limit, to within 10 %"
                                       : "the interval is too wide to tell";
}

}  // namespace

Outcome conclude(json::object& check, Outcome outcome, std::string const& sentence) {
  check["outcome"] = name_of(outcome);
  check["sentence"] = sentence;
  return outcome;
}

Outcome missing(json::object& check, std::string const& reason) {
  check["reason"] = reason;
  bool const ended = reason.ends_with('.');
  return conclude(check, Outcome::missing,
                  fmt::format("Not measured: {}{}", reason, ended ? "" : "."));
}

ClaimChecks::ClaimChecks(json::object const& decision) : decision_(decision) {
  for (json::value const& value : array_at(decision, "experiments")) {
    if (!value.is_object()) continue;
    json::object const& result = object_at(value.get_object(), "result");
    experiments_.emplace(text_at(value.get_object(), "name"),
                         Experiment{value.get_object(), result, Quantities(result)});
  }
}

Outcome ClaimChecks::judge(json::object& check) {
  if (check.contains("conform")) return judge_conformance(check);
  if (check.contains("matrix")) return judge_matrix(check);
  std::string const name = text_at(check, "experiment");
  if (!experiments_.contains(name))
    return missing(check, fmt::format("the experiment {} was not run", name));
  std::string const oracle_name = text_at(check, "equals");
  return oracle_name.empty() ? judge_metric(check) : judge_oracle(check, oracle_name);
}

// Of a ratio of targets that were measured longer after a first look.
double ClaimChecks::level_of(json::object const& check) const {
  json::object const& entry = experiments_.find(text_at(check, "experiment"))->second.entry;
  json::array const& longer = array_at(entry, "extended.targets");
  auto const extended = [&](char const* who) {
    return std::ranges::find(longer, json::value(text_at(check, who))) != longer.end();
  };
  return extended("target") && extended("against") ? 0.975 : 0.95;
}

Quantity ClaimChecks::asked(json::object const& check) {
  Quantities& quantities = experiments_.find(text_at(check, "experiment"))->second.quantities;
  std::string const against = text_at(check, "against");
  return against.empty() ? quantities.of(text_at(check, "target"), text_at(check, "metric"))
                         : quantities.ratio(text_at(check, "target"), against,
                                            text_at(check, "metric"), level_of(check));
}

Outcome ClaimChecks::judge_metric(json::object& check) {
  Rule const rule = Rule::of(check);
  Quantity quantity = asked(check);
  if (!quantity.value) return missing(check, quantity.reason);
  if (is_count(check)) {
    quantity.lo = quantity.hi = quantity.value;
  } else if (quantity.once && widen_once(quantity)) {
    check["once"] = true;
  }
  write(check, quantity);
  check["rule"] = rule.text(quantity.unit);
  json::object const& result = experiments_.find(text_at(check, "experiment"))->second.result;
  auto const what = subject(result, check) + ":";
  auto const range = interval_of(quantity);
  if (!range) return without_interval(check, quantity, what);
  Outcome outcome = rule.judge(*range);
  double const level = level_of(check);
  std::string tested;
  if (check.contains("once")) {
    tested = ", of one repetition, so a factor of two either way";
  } else if (level != 0.95) {
    check["level"] = level;
    tested = fmt::format(", measured longer, so a {} interval", results::quantity(level, "share"));
  }
  if (rule.is_within() && quantity.narrow) {
    check["narrow"] = json::array{quantity.narrow->lo, quantity.narrow->hi};
    tested += fmt::format(", {:.3g} % interval {} to {}", 100 * (2 * level - 1),
                          number(quantity.narrow->lo), number(quantity.narrow->hi));
    // Equal is what both one-sided tests at 5 % say, as in the comparisons; another only what the
    // 95 % interval says.
    if (rule.judge(*quantity.narrow) == Outcome::confirmed) outcome = Outcome::confirmed;
  }
  return conclude(
      check, outcome,
      fmt::format("{} {}{}; the claim needs {}: {}.", what, measured_text(check, quantity), tested,
                  rule.text(quantity.unit), said(outcome)));
}

// The closed form lies in the interval, or it does not. An interval that would hold anything agrees
// with nothing.
Outcome ClaimChecks::judge_oracle(json::object& check, std::string const& name) {
  Quantity const quantity = asked(check);
  if (!quantity.value) return missing(check, quantity.reason);
  json::object const& result = experiments_.find(text_at(check, "experiment"))->second.result;
  auto const expected =
      oracle(name, object_at(result, "scenario"), target_of(result, text_at(check, "target")));
  if (!expected) return missing(check, fmt::format("there is no closed form {} for it", name));
  write(check, quantity);
  auto const expected_text = results::quantity(*expected, quantity.unit);
  check["rule"] = expected_text;
  auto const what = subject(result, check) + ":";
  auto const range = interval_of(quantity);
  if (!range) return without_interval(check, quantity, what);
  auto const said = [&](Outcome outcome, std::string const& end) {
    return conclude(check, outcome,
                    fmt::format("{} {}; the closed form gives {}: {}.", what,
                                measured_text(check, quantity), expected_text, end));
  };
  if (*expected < range->lo || *expected > range->hi)
    return said(Outcome::refuted, "it does not agree");
  double const nearness = closeness(metric(text_at(check, "metric")), *expected);
  if (range->hi - range->lo > 2 * nearness)
    return said(Outcome::undecided,
                fmt::format("the interval is too wide to tell, {} to either side is wanted",
                            results::quantity(nearness, quantity.unit)));
  return said(Outcome::confirmed, "it agrees");
}

Outcome ClaimChecks::judge_matrix(json::object& check) const {
  Rule const rule = Rule::of(check);
  json::value const* matrix = decision_.if_contains("matrix");
  if (matrix == nullptr || !matrix->is_object())
    return missing(check, "the proxies were not measured");
  auto const [met, unmet, reason] = count_rows(matrix->get_object(), check);
  std::size_t const all = met.size() + unmet.size();
  if (all == 0) return missing(check, reason);
  double const share = static_cast<double>(met.size()) / static_cast<double>(all);
  write(check, {share, share, share, "share", ""});
  check["rule"] = rule.text("share");
  auto const does = matrix_condition_text(text_at(check, "matrix"));
  if (all == 1) {
    return conclude(check, rule.judge({share, share}),
                    fmt::format("{} {}: {}.", met.empty() ? unmet.front() : met.front(), does,
                                met.empty() ? "no" : "yes"));
  }
  auto text = fmt::format("{} of {} {}", met.size(), all, does);
  if (!met.empty() && !unmet.empty()) text += fmt::format(": {}; not {}", list(met), list(unmet));
  return conclude(check, rule.judge({share, share}), text + ".");
}

}  // namespace pushlab::results

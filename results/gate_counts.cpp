#include "results/gate_counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

namespace pushlab::results {
namespace json = boost::json;
namespace {

// Two quotients of whole numbers that are meant to be the same.
constexpr double rounding = 1e-9;

ExactCount const* find(std::vector<ExactCount> const& counts, std::string_view id) {
  auto const found = std::ranges::find(counts, id, &ExactCount::id);
  return found == counts.end() ? nullptr : &*found;
}

std::string why_absent(std::string_view side, ExactCount const* count) {
  if (count != nullptr && count->value) return "";
  if (count == nullptr || count->reason.empty()) return fmt::format("{}: not counted", side);
  return fmt::format("{}: {}", side, count->reason);
}

std::string change(double base, double head) {
  if (std::abs(head - base) <= rounding * std::max(base, 1.0)) return "the same";
  auto const by = fmt::format("{:.4g}", std::abs(head - base));
  auto const share = base > 0 ? fmt::format(" ({:+.2f} %)", 100 * (head / base - 1)) : "";
  return fmt::format("{} {} than in base{}", by, head > base ? "more" : "fewer", share);
}

GatedMetric judge(CountRule const& rule, ExactCount const* base, ExactCount const* head) {
  auto const& named = head != nullptr ? *head : *base;
  GatedMetric metric;
  metric.id = rule.id;
  metric.title = named.title;
  metric.unit = named.unit;
  metric.tolerance = metric.limit = rule.tolerance;
  if (base != nullptr) metric.base = base->value;
  if (head != nullptr) metric.head = head->value;
  if (!metric.base || !metric.head) {
    auto const of_base = why_absent("base", base);
    auto const of_head = why_absent("head", head);
    metric.reason = of_base + (of_base.empty() || of_head.empty() ? "" : "; ") + of_head;
    return metric;
  }
  auto const from = *metric.base;
  auto const to = *metric.head;
  // From nothing to something is no share.
  if (from > 0) metric.effect = metric.low = metric.high = to / from - 1;
  auto const most = std::max(from, base->highest);
  auto const worse = to > most * (1 + rule.tolerance) + rounding * std::max(most, 1.0);
  metric.verdict = worse ? GateVerdict::fail : GateVerdict::pass;
  metric.reason = change(from, to);
  if (rule.id == "allocations_per_delivery" && to > 0)
    metric.reason += "; a delivery should need none";
  if (base->highest > from || head->highest > to) metric.reason += "; not the same at every count";
  return metric;
}

}  // namespace

std::vector<CountRule> usual_count_rules() {
  return {{"bytes_per_delivery", 0},
          {"writes_per_delivery", 0.01},
          {"syscalls_per_delivery", 0.01},
          {"allocations_per_delivery", 0},
          {"instructions_per_delivery", 0.02}};
}

std::vector<GatedMetric> judge_counts(std::vector<CountRule> const& rules,
                                      std::vector<ExactCount> const& base,
                                      std::vector<ExactCount> const& head) {
  std::vector<GatedMetric> metrics;
  for (auto const& rule : rules) {
    auto const* of_base = find(base, rule.id);
    auto const* of_head = find(head, rule.id);
    if (of_base != nullptr || of_head != nullptr) metrics.push_back(judge(rule, of_base, of_head));
  }
  return metrics;
}

json::array to_json(std::vector<ExactCount> const& counts) {
  json::array list;
  for (auto const& count : counts) {
    json::object one{{"id", count.id},
                     {"title", count.title},
                     {"unit", count.unit},
                     {"value", count.value ? json::value(*count.value) : json::value()},
                     {"highest", count.value ? json::value(count.highest) : json::value()},
                     {"times", count.times},
                     {"repeats", count.repeats()}};
    if (!count.reason.empty()) one["reason"] = count.reason;
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace pushlab::results

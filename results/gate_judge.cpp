#include "results/gate_judge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>

#include "results/student_t.hpp"

namespace pushlab::results {
namespace {

namespace math = boost::math;
using Restarts = std::span<GateRestart const>;

constexpr double stall_alpha = 0.001;  // a tail is full of accidents
constexpr std::array may_be_accidents{"refused", "not_ready", "unsent"};

std::string percent(double share) {
  return fmt::format("{:.1f} %", share * 100);
}

std::string change(double effect, std::string_view what_more, std::string_view what_less) {
  return fmt::format("{} {}", percent(std::abs(effect)), effect < 0 ? what_less : what_more);
}

struct Moments {
  double mean = 0;
  double standard_error = 0;
};

Moments moments(std::vector<double> const& values) {
  auto const n = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (auto const value : values) sum += value;
  for (auto const value : values) squares += (value - sum / n) * (value - sum / n);
  return {sum / n, std::sqrt(squares / (n - 1) / n)};
}

GatedMetric blank(MetricRule const& rule, std::size_t restarts) {
  GatedMetric metric;
  metric.id = rule.id;
  metric.title = rule.title;
  metric.unit = rule.unit;
  metric.tolerance = rule.tolerance;
  metric.limit = rule.limit;
  metric.restarts = restarts;
  return metric;
}

GatedMetric too_seldom(GatedMetric metric, std::size_t measured) {
  metric.reason = fmt::format("could be measured in {} of {} restarts", measured, metric.restarts);
  metric.restarts = measured;
  return metric;
}

void decide(GatedMetric& metric) {
  auto const more = change(*metric.effect, "more", "less");
  if (*metric.low > *metric.tolerance) {
    metric.verdict = GateVerdict::fail;
    metric.reason = fmt::format("{}, at least {}; tolerated are {}", more, percent(*metric.low),
                                percent(*metric.tolerance));
  } else if (*metric.high < *metric.limit) {
    metric.verdict = GateVerdict::pass;
    metric.reason = fmt::format("{}, at most {} more", more, percent(std::max(0.0, *metric.high)));
  } else {
    metric.verdict = GateVerdict::undecided;
    metric.reason = fmt::format("{}, between {} and {}: too uncertain", more, percent(*metric.low),
                                percent(*metric.high));
  }
}

// One look at a metric, of which it takes the `fewest` values.
GatedMetric look_at(MetricRule const& rule, Restarts restarts, double alpha, std::size_t fewest) {
  auto metric = blank(rule, restarts.size());
  std::vector<double> base, head, effects;
  for (auto const& restart : restarts) {
    auto const found = restart.values.find(rule.id);
    if (found == restart.values.end()) continue;
    base.push_back(found->second.base);
    head.push_back(found->second.head);
    if (found->second.effect) effects.push_back(*found->second.effect);
  }
  if (base.size() < fewest) return too_seldom(std::move(metric), base.size());
  metric.restarts = effects.size();
  metric.base = median(base);
  metric.head = median(head);
  // The others would be a biased choice.
  if (effects.size() < base.size()) {
    metric.reason = fmt::format("base or head was not above 0 in {} of {} restarts: no share",
                                base.size() - effects.size(), base.size());
    return metric;
  }
  auto const [mean, error] = moments(effects);
  // student_t() takes the level of a two-sided interval.
  auto const reach = student_t(1 - 2 * alpha, static_cast<double>(effects.size()) - 1) * error;
  metric.effect = std::expm1(mean);
  metric.low = std::expm1(mean - reach);
  metric.high = std::expm1(mean + reach);
  decide(metric);
  return metric;
}

// Discordant pairs, as McNemar counts them: of those in which one side stalled, half are head's
// when nothing changed.
GatedMetric look_at_stalls(MetricRule const& rule, Restarts restarts, double alpha,
                           std::size_t fewest) {
  auto metric = blank(rule, restarts.size());
  Stalls all;
  std::size_t measured = 0;
  for (auto const& restart : restarts) {
    all.pairs += restart.stalls.pairs;
    all.base += restart.stalls.base;
    all.head += restart.stalls.head;
    all.only_base += restart.stalls.only_base;
    all.only_head += restart.stalls.only_head;
    measured += restart.stalls.pairs > 0;
  }
  if (measured < fewest) return too_seldom(std::move(metric), measured);
  auto const pairs = static_cast<double>(std::max<std::uint64_t>(all.pairs, 1));
  auto const discordant = static_cast<double>(all.only_base + all.only_head);
  auto const excess =
      (static_cast<double>(all.only_head) - static_cast<double>(all.only_base)) / pairs;
  auto const reach =
      math::quantile(math::normal(), 1 - alpha) * std::sqrt(std::max(discordant, 1.0)) / pairs;
  metric.base = static_cast<double>(all.base) / pairs;
  metric.head = static_cast<double>(all.head) / pairs;
  metric.effect = excess;
  metric.low = excess - reach;
  metric.high = excess + reach;
  double const p = all.only_head == 0
                       ? 1
                       : math::cdf(math::complement(math::binomial(discordant, 0.5),
                                                    static_cast<double>(all.only_head) - 1));
  if (p < stall_alpha * alpha / 0.01 && excess > rule.tolerance) {
    metric.verdict = GateVerdict::fail;
    metric.reason = fmt::format("{} events stalled only at head, {} only at base (p = {:.2g})",
                                all.only_head, all.only_base, p);
  } else if (*metric.high < rule.limit) {
    metric.verdict = GateVerdict::pass;
    metric.reason = fmt::format("{} events stalled only at head, {} only at base", all.only_head,
                                all.only_base);
  } else {
    metric.verdict = GateVerdict::undecided;
    metric.reason = fmt::format("{} events stalled only at head, {} only at base: too many to tell",
                                all.only_head, all.only_base);
  }
  return metric;
}

// Goes through the looks that the restarts are enough for, until one decides.
template <class LookAt>
GatedMetric judge_one(GateRules const& rules, MetricRule const& rule, Restarts restarts,
                      LookAt const& look) {
  auto const alpha = rules.alpha / static_cast<double>(rules.looks.size());
  auto metric = blank(rule, restarts.size());
  metric.reason = "not looked at yet";
  for (auto const count : rules.looks) {
    if (count > restarts.size()) break;
    metric = look(rule, restarts.first(count), alpha, rules.looks.front());
    if (metric.verdict != GateVerdict::undecided) break;
  }
  return metric;
}

bool may_be_accident(std::string_view promise) {
  return std::ranges::find(may_be_accidents, promise) != may_be_accidents.end();
}

// What head alone broke of a promise, in restarts valid or not.
struct Broken {
  std::uint64_t count = 0;
  std::size_t restarts = 0;
  std::size_t of_base = 0;  // restarts in which base alone broke it
  bool surely = false;      // in a restart that nothing else can have spoilt
  std::string reason;       // of the restart, when the fault made it invalid

  bool is_heads() const { return surely || restarts > of_base + 1; }
};
using BrokenPromises = std::map<std::string, Broken, std::less<>>;

void add_broken(GateRestart const& restart, BrokenPromises& broken) {
  for (auto const& [promise, counts] : restart.faults) {
    auto const [base, head] = counts;
    if ((base > 0) == (head > 0)) continue;
    auto& found = broken[promise];
    if (base > 0) {
      ++found.of_base;
      continue;
    }
    found.count += head;
    ++found.restarts;
    found.surely |= !restart.machine_limited && !may_be_accident(promise);
    if (may_be_accident(promise) && !restart.invalid.empty())
      found.reason = restart.invalid.front();
  }
}

std::string words_for(std::string_view promise, Broken const& broken) {
  auto text =
      broken.reason.empty() ? fmt::format("{} {} at head", broken.count, promise) : broken.reason;
  if (!broken.surely) text += fmt::format(" (in {} restarts)", broken.restarts);
  return text;
}

GatedMetric faults(Restarts restarts, Restarts discarded) {
  GatedMetric metric;
  metric.id = "faults";
  metric.title = "Lost, doubled, changed, reordered, unasked for, cut off, refused, unsent";
  metric.restarts = restarts.size();
  BrokenPromises broken;
  std::uint64_t base = 0, head = 0;
  for (auto const& restart : restarts)
    for (auto const& [promise, counts] : restart.faults) base += counts.first;
  for (auto const& some : {restarts, discarded})
    for (auto const& restart : some) add_broken(restart, broken);
  std::vector<std::string> reasons;
  bool suspected = false;
  for (auto const& [promise, one] : broken) {
    suspected |= one.count > 0;
    if (!one.is_heads()) continue;
    head += one.count;
    reasons.push_back(words_for(promise, one));
  }
  metric.base = static_cast<double>(base);
  metric.head = static_cast<double>(head);
  metric.verdict = reasons.empty() ? GateVerdict::pass : GateVerdict::fail;
  metric.reason = !reasons.empty() ? fmt::format("{}", fmt::join(reasons, "; "))
                  : suspected      ? "none that is surely head's"
                                   : "none";
  return metric;
}

}  // namespace

bool head_is_at_fault(GateRestart const& restart) {
  BrokenPromises broken;
  add_broken(restart, broken);
  return std::ranges::any_of(broken, [](auto const& one) { return one.second.surely; });
}

std::vector<GatedMetric> judge(GateRules const& rules, Restarts restarts, Restarts discarded) {
  std::vector<GatedMetric> metrics;
  for (auto const& rule : rules.metrics) {
    bool const is_tail = rule.id == "stalled_events";
    metrics.push_back(judge_one(rules, rule, restarts, is_tail ? look_at_stalls : look_at));
  }
  metrics.push_back(faults(restarts, discarded));
  return metrics;
}

bool goes_on(GateRules const& rules, std::vector<GatedMetric> const& metrics, std::size_t restarts,
             bool complete) {
  if (restarts >= rules.looks.back()) return false;
  bool const failed = std::ranges::any_of(
      metrics, [](auto const& one) { return one.verdict == GateVerdict::fail; });
  if (failed && !complete) return false;
  if (restarts < rules.looks.front()) return true;
  return std::ranges::any_of(metrics,
                             [](auto const& one) { return one.verdict == GateVerdict::undecided; });
}

GateVerdict verdict_of(std::vector<GatedMetric> const& metrics) {
  // Whoever did nothing wrong and was not measured has passed nothing.
  bool const is_measured =
      std::ranges::any_of(metrics, [](auto const& one) { return one.id != "faults"; });
  auto verdict = is_measured ? GateVerdict::pass : GateVerdict::undecided;
  for (auto const& metric : metrics) verdict = worst(verdict, metric.verdict);
  return verdict;
}

}  // namespace pushlab::results

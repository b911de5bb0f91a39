#include "results/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "results/metric.hpp"
#include "results/ratio.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr double significant = 0.05;

std::string equal_within(Metric const& metric) {
  return fmt::format("equal within {} %", equal_bounds(metric).percent);
}

Comparison compare_two(std::vector<Contender> const& contenders, Metric const& metric,
                       std::size_t best, std::size_t target) {
  Figure const& reference = contenders[best].figures[metric.id];
  Figure const& other = contenders[target].figures[metric.id];
  Comparison comparison{metric.id, best, target, {}, {}, {}, false, false, ""};
  if (std::isinf(other.value)) {
    comparison.verdict = fmt::format("worse: {}", infinite_text(metric));
  } else if (auto const ratio =
                 paired_ratio(other, reference,
                              joint_repetitions(other, contenders[target].figures.repetitions,
                                                reference, contenders[best].figures.repetitions))) {
    comparison.ratio = ratio->value;
    comparison.range = ratio->range;
    comparison.p = ratio->p;
    comparison.equal = proven_equal(*ratio, metric);
    if (!ratio->range) comparison.verdict = "no interval";
  } else {
    comparison.equal = other.value == reference.value;
    comparison.verdict = comparison.equal ? equal_within(metric) : "worse";
    comparison.tie = comparison.equal;
  }
  return comparison;
}

// Holm's correction. The best one was chosen from the same data, so every pair of the contenders
// counts, not only those with the best: else the worst of many equal ones looks worse too often.
void adjust(std::vector<Comparison>& comparisons) {
  std::vector<Comparison*> tested;
  for (Comparison& comparison : comparisons) {
    if (comparison.p) tested.push_back(&comparison);
  }
  std::ranges::sort(tested, {}, [](Comparison const* comparison) { return *comparison->p; });
  std::size_t left = tested.size() * (tested.size() + 1) / 2;
  double least = 0;
  for (Comparison* comparison : tested) {
    least = std::max(least, std::min(1.0, static_cast<double>(left--) * *comparison->p));
    comparison->p = least;
  }
}

void judge(Comparison& comparison) {
  if (!comparison.verdict.empty()) return;
  auto const [lo, hi] = *comparison.range;
  bool const hidden = (lo <= 1 && hi >= 1) || comparison.p.value_or(0) > significant;
  comparison.tie = comparison.equal || hidden;
  comparison.verdict = comparison.equal ? equal_within(metric(comparison.metric))
                       : hidden         ? "cannot be told apart"
                       : hi < 1         ? "better, but cannot win"
                                        : "worse";
}

}  // namespace

std::optional<std::size_t> best_of(std::vector<Contender> const& contenders,
                                   std::string_view metric_id) {
  Metric const& wanted = metric(metric_id);
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    double const value = contenders[i].figures[metric_id].value;
    if (!contenders[i].eligible || !std::isfinite(value)) continue;
    double const held = best ? contenders[*best].figures[metric_id].value : value;
    bool const better = wanted.better == Better::lower ? value < held : value > held;
    bool const first_by_name = value == held && best && contenders[i].id < contenders[*best].id;
    if (!best || better || first_by_name) best = i;
  }
  return best;
}

std::vector<Comparison> compare(std::vector<Contender> const& contenders,
                                std::string_view metric_id) {
  std::vector<Comparison> result;
  auto const best = best_of(contenders, metric_id);
  if (!best) return result;
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    if (i == *best || contenders[i].floor) continue;
    if (std::isnan(contenders[i].figures[metric_id].value)) continue;
    // A sum over more repetitions is larger, and says nothing.
    if (metric(metric_id).source == Source::sum &&
        contenders[i].figures.repetitions != contenders[*best].figures.repetitions)
      continue;
    result.push_back(compare_two(contenders, metric(metric_id), *best, i));
  }
  adjust(result);
  std::ranges::for_each(result, judge);
  std::ranges::sort(result, {}, [&](Comparison const& comparison) {
    Contender const& other = contenders[comparison.target];
    return std::pair(other.figures[metric_id].value, std::string_view(other.id));
  });
  return result;
}

json::object to_json(Comparison const& comparison, std::vector<Contender> const& contenders) {
  auto const finite = [](double value) {
    return std::isfinite(value) ? json::value(value) : json::value();
  };
  json::object object{{"metric", comparison.metric},
                      {"best", contenders[comparison.best].id},
                      {"target", contenders[comparison.target].id},
                      {"ratio", comparison.ratio ? finite(*comparison.ratio) : json::value()},
                      {"lo", comparison.range ? finite(comparison.range->lo) : json::value()},
                      {"hi", comparison.range ? finite(comparison.range->hi) : json::value()},
                      {"p", comparison.p ? json::value(*comparison.p) : json::value()},
                      {"tie", comparison.tie},
                      {"equal", comparison.equal},
                      {"verdict", comparison.verdict}};
  return object;
}

}  // namespace pushlab::results

#include "results/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "results/metric.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr double equal_low = 0.9;
constexpr double equal_high = 1.1;

std::vector<double> ratios(std::vector<double> const& above, std::vector<double> const& below) {
  std::size_t const count = std::min(above.size(), below.size());
  std::vector<double> result(count);
  for (std::size_t i = 0; i < count; ++i) {
    bool const defined = below[i] > 0 && std::isfinite(below[i]);
    result[i] = defined ? above[i] / below[i] : std::numeric_limits<double>::quiet_NaN();
  }
  return result;
}

void judge(Comparison& comparison) {
  if (!comparison.range) {
    comparison.verdict = "no interval";
    return;
  }
  auto const [lo, hi] = *comparison.range;
  bool const equal = lo >= equal_low && hi <= equal_high;
  comparison.tie = equal || (lo <= 1 && hi >= 1);
  comparison.verdict = equal            ? "equal within 10 %"
                       : comparison.tie ? "cannot be told apart"
                       : hi < 1         ? "better, but cannot win"
                                        : "worse";
}

Comparison compare_two(std::vector<Contender> const& contenders, Metric const& metric,
                       std::size_t best, std::size_t target) {
  Figure const& reference = contenders[best].figures[metric.id];
  Figure const& other = contenders[target].figures[metric.id];
  Comparison comparison{metric.id, best, target, {}, {}, false, ""};
  if (std::isinf(other.value)) {
    comparison.verdict = "worse: undelivered";
  } else if (reference.value > 0) {
    comparison.ratio = other.value / reference.value;
    Replicates const replicates{ratios(other.replicates.both, reference.replicates.both),
                                ratios(other.replicates.events, reference.replicates.events)};
    comparison.range = interval(
        *comparison.ratio, replicates,
        std::min(contenders[best].figures.repetitions, contenders[target].figures.repetitions));
    judge(comparison);
  } else {
    comparison.tie = other.value == reference.value;
    comparison.verdict = comparison.tie ? "equal within 10 %" : "worse";
  }
  return comparison;
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
    if (i == *best || std::isnan(contenders[i].figures[metric_id].value)) continue;
    result.push_back(compare_two(contenders, metric(metric_id), *best, i));
  }
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
                      {"tie", comparison.tie},
                      {"verdict", comparison.verdict}};
  return object;
}

}  // namespace pushlab::results

#include "results/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "results/metric.hpp"
#include "results/ratio.hpp"
#include "results/read.hpp"
#include "results/validity.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Quantity missing(std::string reason) {
  return {{}, {}, {}, "", std::move(reason)};
}

Metric const* metric_of(std::string_view id) {
  auto const found = std::ranges::find(metrics(), id, &Metric::id);
  return found == metrics().end() ? nullptr : &*found;
}

json::object const* target_of(json::object const& result, std::string_view id) {
  for (json::value const& value : array_at(result, "targets")) {
    if (value.is_object() && text_at(value.get_object(), "id") == id) return &value.get_object();
  }
  return nullptr;
}

// Why this target or metric cannot be asked; empty when it can.
std::string obstacle(json::object const& result, std::string_view target_id,
                     std::string_view metric_id) {
  if (metric_of(metric_id) == nullptr) return fmt::format("there is no metric \"{}\"", metric_id);
  json::object const* target = target_of(result, target_id);
  if (target == nullptr) {
    for (json::value const& value : array_at(result, "skipped")) {
      if (value.is_object() && text_at(value.get_object(), "id") == target_id)
        return fmt::format("{} was skipped: {}", target_id, text_at(value.get_object(), "reason"));
    }
    return fmt::format("there is no target \"{}\"", target_id);
  }
  json::array const reasons = invalid_reasons(*target);
  return reasons.empty() ? ""
                         : fmt::format("{} was not measured validly: {}", target_id,
                                       std::string_view(reasons.front().as_string()));
}

// What came although the load generator was late has come: a count of none stands.
bool may_be_none_all_the_same(json::object const& result, std::string_view target_id,
                              std::string_view metric_id) {
  Metric const* const metric = metric_of(metric_id);
  json::object const* const target = target_of(result, target_id);
  return metric != nullptr && metric->source == Source::sum && target != nullptr &&
         spoilt_by_generator_at_most(*target);
}

Quantity from_figure(Figure const& figure, Metric const& metric) {
  if (std::isnan(figure.value)) return missing(figure.remark);
  Quantity quantity{figure.value, {}, {}, std::string(metric.unit), figure.remark};
  if (std::isinf(figure.value)) quantity.lo = quantity.hi = infinity;
  if (figure.range) {
    quantity.lo = figure.range->lo;
    quantity.hi = figure.range->hi;
  }
  return quantity;
}

// A figure as a summarised result has it.
Quantity from_json(json::object const& figure, Metric const& metric) {
  std::string remark = text_at(figure, "remark");
  if (truth_at(figure, "undelivered", false)) {
    return {infinity, infinity, infinity, std::string(metric.unit), std::move(remark)};
  }
  auto const value = number_at(figure, "value");
  if (!value) return missing(std::move(remark));
  auto const lo = number_at(figure, "lo");
  auto hi = number_at(figure, "hi");
  if (lo && !hi) hi = infinity;
  return {value, lo, hi, std::string(metric.unit), std::move(remark)};
}

}  // namespace

TargetFigures const& Quantities::figures(json::object const& target) {
  std::string id = text_at(target, "id");
  auto const found = computed_.find(id);
  return found != computed_.end()
             ? found->second
             : computed_.emplace(std::move(id), target_figures(target)).first->second;
}

Quantity Quantities::of(std::string_view target_id, std::string_view metric_id) {
  auto reason = obstacle(result_, target_id, metric_id);
  if (!reason.empty() && !may_be_none_all_the_same(result_, target_id, metric_id))
    return missing(std::move(reason));
  json::object const& target = *target_of(result_, target_id);
  json::object const& figure = object_at(object_at(target, "figures"), metric_id);
  Metric const& wanted = metric(metric_id);
  Quantity found =
      figure.empty() ? from_figure(figures(target)[metric_id], wanted) : from_json(figure, wanted);
  found.once = measured(target).size() < 2;
  return reason.empty() || found.value == 0 ? found : missing(std::move(reason));
}

Quantity Quantities::ratio(std::string_view target_id, std::string_view against_id,
                           std::string_view metric_id, double level) {
  for (std::string_view id : {target_id, against_id}) {
    if (auto reason = obstacle(result_, id, metric_id); !reason.empty())
      return missing(std::move(reason));
  }
  TargetFigures const& above = figures(*target_of(result_, target_id));
  TargetFigures const& below = figures(*target_of(result_, against_id));
  for (auto const& [id, figure] :
       {std::pair{target_id, above[metric_id]}, std::pair{against_id, below[metric_id]}}) {
    if (std::isnan(figure.value)) return missing(fmt::format("{}: {}", id, figure.remark));
  }
  if (std::isinf(below[metric_id].value))
    return missing(fmt::format("{}: {}", against_id, below[metric_id].remark));
  if (std::isinf(above[metric_id].value))
    return {infinity,
            infinity,
            infinity,
            "",
            above[metric_id].remark,
            std::min(above.repetitions, below.repetitions) < 2};
  auto const repetitions =
      joint_repetitions(above[metric_id], above.repetitions, below[metric_id], below.repetitions);
  if (metric(metric_id).source == Source::sum && above.repetitions != below.repetitions)
    return missing(fmt::format("it is a sum over {} repetitions of {} and {} of {}",
                               above.repetitions, target_id, below.repetitions, against_id));
  auto const ratio = paired_ratio(above[metric_id], below[metric_id], repetitions, level);
  if (!ratio) return missing(fmt::format("it is 0 for {}, so there is no ratio", against_id));
  Quantity found{ratio->value, {}, {}, "", "", repetitions < 2};
  if (found.once) found.reason = "one repetition: nothing says how much runs differ";
  if (ratio->range) {
    found.lo = ratio->range->lo;
    found.hi = ratio->range->hi;
    found.narrow = ratio->narrow;
  }
  return found;
}

Quantity quantity(json::object const& result, std::string_view target_id,
                  std::string_view metric_id) {
  return Quantities(result).of(target_id, metric_id);
}

Quantity ratio_of(json::object const& result, std::string_view target_id,
                  std::string_view against_id, std::string_view metric_id) {
  return Quantities(result).ratio(target_id, against_id, metric_id);
}

}  // namespace pushlab::results

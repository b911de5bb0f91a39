#include "results/summary.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "results/answer.hpp"
#include "results/ceiling.hpp"
#include "results/comparison.hpp"
#include "results/floor.hpp"
#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/oracle.hpp"
#include "results/read.hpp"
#include "results/stationarity.hpp"
#include "results/validity.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

json::value finite(double value) {
  return std::isfinite(value) ? json::value(value) : json::value();
}

json::object figure_json(Figure const& figure) {
  json::object object{{"value", finite(figure.value)},
                      {"lo", figure.range ? finite(figure.range->lo) : json::value()},
                      {"hi", figure.range ? finite(figure.range->hi) : json::value()}};
  if (std::isinf(figure.value)) object["undelivered"] = true;
  if (!figure.remark.empty()) object["remark"] = figure.remark;
  return object;
}

// Of a figure that is counted once for each target.
std::string why_not_counted(json::object const& target, std::string_view metric_id) {
  for (json::value const& count : array_at(target, "counts"))
    if (text_at(count.as_object(), "id") == metric_id) return text_at(count.as_object(), "reason");
  return "";
}

void write_figures(json::object& target, TargetFigures const& figures) {
  json::object values;
  for (std::size_t i = 0; i < metrics().size(); ++i) {
    json::object figure = figure_json(figures.figures[i]);
    auto const reason = why_not_counted(target, metrics()[i].id);
    if (!reason.empty() && figure["value"].is_null()) figure["remark"] = "not measured: " + reason;
    values[metrics()[i].id] = std::move(figure);
  }
  json::object histograms;
  for (auto const& [name, histogram] : figures.histograms) histograms[name] = histogram.to_json();
  target["figures"] = std::move(values);
  target["histograms"] = std::move(histograms);
}

// Labels: what is not stationary is in the figures all the same.
void write_remarks(json::object& target) {
  json::array found = stationarities(target);
  json::array remarks;
  for (std::string const& sentence : left_out(target)) remarks.push_back(json::value(sentence));
  for (std::string const& sentence : second_tries(target)) remarks.push_back(json::value(sentence));
  for (std::size_t i = 0; i < found.size(); ++i) {
    json::object const& one = found[i].as_object();
    double const cut_s = number_at(one, "warmup_cut_s").value_or(0);
    if (cut_s > 0) {
      remarks.push_back(json::value(
          fmt::format("Repetition {}: the first {} look like warming up; the figures hold them, "
                      "too.",
                      i + 1, quantity(cut_s, "s"))));
    } else if (!truth_at(one, "stationary", true)) {
      remarks.push_back(json::value(
          fmt::format("Repetition {} was not stationary: {}.", i + 1, text_at(one, "reason"))));
    }
  }
  target["stationarity"] = std::move(found);
  target["remarks"] = std::move(remarks);
}

Contender contender(json::object& target) {
  leave_out_spoilt(target);
  Contender result{text_at(target, "id"), text_at(target, "title", text_at(target, "id")), false,
                   target_figures(target), false};
  write_figures(target, result.figures);
  write_remarks(target);
  json::array reasons = invalid_reasons(target);
  target["valid"] = reasons.empty();
  target["invalid_reasons"] = std::move(reasons);
  result.floor = is_floor(target);
  result.eligible = !result.floor && exclusion(target).empty();
  return result;
}

}  // namespace

void summarise(json::object& result) {
  if (text_at(result, "schema") != schema_name) {
    throw ResultError(fmt::format("the result's schema is \"{}\", but only \"{}\" can be read",
                                  text_at(result, "schema"), schema_name));
  }
  json::value* targets = result.if_contains("targets");
  if (targets == nullptr || !targets->is_array()) throw ResultError("the result has no targets");
  std::vector<Contender> contenders;
  for (json::value& target : targets->get_array()) {
    if (!target.is_object()) throw ResultError("a target must be an object");
    contenders.push_back(contender(target.get_object()));
  }
  write_floor_ratios(targets->get_array(), contenders);
  write_ceiling_shares(result);
  json::array comparisons;
  for (Metric const& metric : metrics()) {
    if (metric.better == Better::none) continue;
    for (Comparison const& comparison : compare(contenders, metric.id)) {
      comparisons.push_back(to_json(comparison, contenders));
    }
  }
  result["comparisons"] = std::move(comparisons);
  result["oracles"] = reproduces(result);
  result["answer"] = answer(result, contenders);
}

}  // namespace pushlab::results

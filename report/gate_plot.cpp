#include "report/gate_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/gate_words.hpp"
#include "report/markup.hpp"

namespace pushlab::report {

using results::GatedMetric;
using results::GatedTarget;

namespace {

struct Scale {
  double low, high;
  // In percent of the track.
  double at(double share) const {
    return (std::clamp(share, low, high) - low) / (high - low) * 100;
  }
};

// As wide as the changes and bounds are, unless one is so far out that the limits of the others
// could not be told apart any more.
Scale scale_of(GatedTarget const& target) {
  double low = -0.01, high = 0.01, limit = 0.01;
  auto const include = [&](std::optional<double> share) {
    if (!share || !std::isfinite(*share)) return;
    low = std::min(low, *share);
    high = std::max(high, *share);
  };
  for (auto const& metric : target.metrics) {
    if (!metric.effect) continue;
    for (auto const& share : {metric.tolerance, metric.limit}) {
      include(share);
      if (share && std::isfinite(*share)) limit = std::max(limit, *share);
    }
    for (auto const& share : {metric.effect, metric.low, metric.high}) include(share);
  }
  low = std::max(low, -2.5 * limit);
  high = std::min(high, 2.5 * limit);
  double const margin = 0.05 * (high - low);
  return {low - margin, high + margin};
}

// Five ticks or so, at round figures.
std::string axis(Scale const& scale) {
  double step = 0.001;
  for (int i = 0; (scale.high - scale.low) / step > 6; ++i) step *= i % 3 == 1 ? 2.5 : 2;
  std::string ticks;
  for (double at = std::ceil(scale.low / step) + 0.0; at * step < scale.high; ++at)
    ticks += fmt::format("<span style=\"left:{:.2f}%\">{:.3g} %</span>", scale.at(at * step),
                         at * step * 100);
  return fmt::format(
      "<div class=\"bar\" aria-hidden=\"true\"><span class=\"name\"></span>"
      "<span class=\"axis\">{}</span><span class=\"value\"></span></div>\n",
      ticks);
}

std::string mark(std::string_view style, Scale const& scale, std::optional<double> share) {
  if (!share || !std::isfinite(*share)) return {};
  return fmt::format("<i class=\"{}\" style=\"left:{:.2f}%\"></i>", style, scale.at(*share));
}

std::string interval(Scale const& scale, GatedMetric const& metric) {
  double const low = metric.low.value_or(-HUGE_VAL), high = metric.high.value_or(HUGE_VAL);
  return fmt::format("<span class=\"range{}{}\" style=\"left:{:.2f}%;width:{:.2f}%\"></span>",
                     low < scale.low ? " open-low" : "", high > scale.high ? " open-high" : "",
                     scale.at(low), std::max(scale.at(high) - scale.at(low), 0.0));
}

std::string row(Scale const& scale, GatedMetric const& metric) {
  auto const words = fmt::format("{} {}", gate_change(metric.effect), gate_bounds(metric));
  return fmt::format(
      "<div class=\"bar\"><span class=\"name\">{0}</span><span class=\"track {1}\" role=\"img\" "
      "aria-label=\"{0}: {2}, {1}\">{3}{4}{5}{6}{7}</span><span class=\"value\">{8}<small>{9}"
      "</small></span></div>\n",
      escape(metric.title), name_of(metric.verdict), escape(words), mark("zero", scale, 0.0),
      mark("tolerance", scale, metric.tolerance), mark("limit", scale, metric.limit),
      interval(scale, metric), mark("point", scale, metric.effect),
      escape(gate_change(metric.effect)), escape(gate_bounds(metric)));
}

}  // namespace

std::string gate_plot(GatedTarget const& target) {
  auto const scale = scale_of(target);
  std::string rows;
  for (auto const& metric : target.metrics)
    if (metric.effect) rows += row(scale, metric);
  if (rows.empty()) return rows;
  return fmt::format(
      "<figure class=\"gate\"><figcaption>What head needs more than base</figcaption>\n"
      "<ul class=\"legend\"><li><i class=\"zero\"></i>no change</li>"
      "<li><i class=\"tolerance\"></i>fails when the whole interval is above it</li>"
      "<li><i class=\"limit\"></i>passes when the whole interval is below it</li></ul>\n{}{}"
      "</figure>\n",
      rows, axis(scale));
}

}  // namespace pushlab::report

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chart.hpp"
#include "report/markup.hpp"

namespace pushlab::report {

namespace {

constexpr double chart_width = 760;
constexpr double chart_height = 340;
constexpr double margin_left = 64;
constexpr double margin_right = 14;
constexpr double margin_top = 14;
constexpr double margin_bottom = 52;

double x_of(Chart const& chart, double x) {
  double const span = std::max(chart.x.back() - chart.x.front(), 1e-9);
  return margin_left + (x - chart.x.front()) / span * (chart_width - margin_left - margin_right);
}

double y_of(Chart const& chart, double y) {
  double const share = chart.logarithmic ? std::log(std::max(y, chart.y_low) / chart.y_low) /
                                               std::log(chart.y_high / chart.y_low)
                                         : (y - chart.y_low) / (chart.y_high - chart.y_low);
  return chart_height - margin_bottom - share * (chart_height - margin_top - margin_bottom);
}

std::string path(Chart const& chart, Series const& series) {
  std::string d;
  bool pen_down = false;
  for (std::size_t i = 0; i < chart.x.size() && i < series.y.size(); ++i) {
    if (series.y[i]) {
      d += fmt::format("{}{:.1f} {:.1f}", pen_down ? 'L' : 'M', x_of(chart, chart.x[i]),
                       y_of(chart, *series.y[i]));
    }
    pen_down = series.y[i].has_value();
  }
  return d;
}

std::string axes(Chart const& chart) {
  std::string text;
  for (Tick const& tick : chart.y_ticks) {
    double const y = y_of(chart, tick.at);
    text += fmt::format(
        "<path class=\"grid\" d=\"M{0} {1:.1f}H{2}\"/><text x=\"{3}\" y=\"{4:.1f}\" "
        "text-anchor=\"end\">{5}</text>",
        margin_left, y, chart_width - margin_right, margin_left - 8, y + 4, escape(tick.label));
  }
  for (Tick const& tick : chart.x_ticks) {
    double const x = x_of(chart, tick.at);
    text += fmt::format(
        "<path class=\"grid\" d=\"M{0:.1f} {1}V{2}\"/><text x=\"{0:.1f}\" y=\"{3}\" "
        "text-anchor=\"middle\">{4}</text>",
        x, margin_top, chart_height - margin_bottom, chart_height - margin_bottom + 18,
        escape(tick.label));
  }
  text += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                      (margin_left + chart_width - margin_right) / 2, chart_height - 8,
                      escape(chart.x_label));
  text += fmt::format(
      "<text transform=\"translate(14 {}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
      (margin_top + chart_height - margin_bottom) / 2, escape(chart.y_label));
  return text;
}

}  // namespace

std::string still_chart(Chart const& chart) {
  std::string text =
      fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}, {}\">", chart_width,
                  chart_height, escape(chart.y_label), escape(chart.x_label));
  if (!chart.x.empty()) text += axes(chart);
  double aside =
      -2.5 * (static_cast<double>(chart.series.size()) - 1);  // whiskers stand side by side
  for (Series const& series : chart.series) {
    if (chart.x.empty()) break;
    text += fmt::format("<g class=\"s{}\"><path class=\"line\" d=\"{}\"/>", series.colour % 8,
                        path(chart, series));
    for (Whisker const& w : series.whiskers) {
      double const x = x_of(chart, w.x) + aside;
      double const low = y_of(chart, w.lo);
      double const high = y_of(chart, w.hi);
      text += fmt::format(
          "<path class=\"whisker\" d=\"M{0:.1f} {1:.1f}V{2:.1f}M{3:.1f} {1:.1f}h4M{3:.1f} "
          "{2:.1f}h4\"/>",
          x, low, high, x - 2);
    }
    text += "</g>";
    aside += 5;
  }
  return text + "</svg>";
}

}  // namespace pushlab::report

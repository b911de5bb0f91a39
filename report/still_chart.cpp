#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chart.hpp"
#include "report/markup.hpp"

namespace pushlab::report {

namespace {

constexpr double margin_left = 64;
constexpr double margin_right = 14;
constexpr double margin_top = 14;
constexpr double margin_bottom = 52;

double x_of(Chart const& chart, double x) {
  double const first = chart.x.front();
  double const last = chart.x.back();
  double const share = chart.logarithmic_x ? std::log(std::clamp(x, first, last) / first) /
                                                 std::max(std::log(last / first), 1e-9)
                                           : (x - first) / std::max(last - first, 1e-9);
  return margin_left + share * (still_width - margin_left - margin_right);
}

double y_of(Chart const& chart, double y) {
  double const share = chart.logarithmic ? std::log(std::max(y, chart.y_low) / chart.y_low) /
                                               std::log(chart.y_high / chart.y_low)
                                         : (y - chart.y_low) / (chart.y_high - chart.y_low);
  return still_height - margin_bottom - share * (still_height - margin_top - margin_bottom);
}

std::string path(Chart const& chart, Series const& series) {
  std::string d;
  bool pen_down = false;
  for (std::size_t i = 0; i < chart.x.size() && i < series.y.size(); ++i) {
    if (series.y[i]) {
      d += fmt::format("{}{:.1f} {:.1f}", pen_down ? 'L' : 'M', x_of(chart, chart.x[i]),
                       y_of(chart, *series.y[i]));
    }
    pen_down = series.y[i].has_value() || (chart.sparse && pen_down);
  }
  return d;
}

// Along the upper ends, and back along the lower ones.
std::string band(Chart const& chart, Series const& series) {
  std::string there;
  std::string back;
  for (std::size_t i = 0; i < chart.x.size() && i < series.band.size(); ++i) {
    if (!series.band[i]) continue;
    double const x = x_of(chart, chart.x[i]);
    there += fmt::format("{}{:.1f} {:.1f}", there.empty() ? 'M' : 'L', x,
                         y_of(chart, series.band[i]->hi));
    back = fmt::format("L{:.1f} {:.1f}", x, y_of(chart, series.band[i]->lo)) + back;
  }
  return there.empty() ? there : fmt::format("<path class=\"band\" d=\"{}{}Z\"/>", there, back);
}

std::string dots(Chart const& chart, Series const& series) {
  std::string text;
  for (std::size_t i = 0; chart.sparse && i < chart.x.size() && i < series.y.size(); ++i) {
    if (series.y[i])
      text += fmt::format("<circle class=\"dot\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\"/>",
                          x_of(chart, chart.x[i]), y_of(chart, *series.y[i]));
  }
  return text;
}

std::string marks(Chart const& chart) {
  std::string text;
  for (Mark const& mark : chart.marks) {
    double const lo = x_of(chart, mark.lo);
    double const hi = x_of(chart, mark.hi);
    text += fmt::format(
        "<rect class=\"zone\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\"/>"
        "<path class=\"crossing\" d=\"M{:.1f} {}V{}\"/>",
        lo, margin_top, std::max(hi - lo, 0.0), still_height - margin_top - margin_bottom,
        x_of(chart, mark.x), margin_top, still_height - margin_bottom);
  }
  return text;
}

std::string axes(Chart const& chart) {
  std::string text;
  for (Tick const& tick : chart.y_ticks) {
    double const y = y_of(chart, tick.at);
    text += fmt::format(
        "<path class=\"grid\" d=\"M{0} {1:.1f}H{2}\"/><text x=\"{3}\" y=\"{4:.1f}\" "
        "text-anchor=\"end\">{5}</text>",
        margin_left, y, still_width - margin_right, margin_left - 8, y + 4, escape(tick.label));
  }
  for (Tick const& tick : chart.x_ticks) {
    double const x = x_of(chart, tick.at);
    text += fmt::format(
        "<path class=\"grid\" d=\"M{0:.1f} {1}V{2}\"/><text x=\"{0:.1f}\" y=\"{3}\" "
        "text-anchor=\"middle\">{4}</text>",
        x, margin_top, still_height - margin_bottom, still_height - margin_bottom + 18,
        escape(tick.label));
  }
  text += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                      (margin_left + still_width - margin_right) / 2, still_height - 8,
                      escape(chart.x_label));
  text += fmt::format(
      "<text transform=\"translate(14 {}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
      (margin_top + still_height - margin_bottom) / 2, escape(chart.y_label));
  return text;
}

}  // namespace

std::string still_lines(Chart const& chart) {
  if (chart.x.empty()) return {};
  std::string text = axes(chart) + marks(chart);
  for (Series const& series : chart.series)
    text += fmt::format("<g class=\"s{}\">{}</g>", series.colour, band(chart, series));
  double aside =
      -2.5 * (static_cast<double>(chart.series.size()) - 1);  // whiskers stand side by side
  for (Series const& series : chart.series) {
    text += fmt::format("<g class=\"s{}\"><path class=\"line\" d=\"{}\"/>{}", series.colour,
                        path(chart, series), dots(chart, series));
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
  return text;
}

std::string still_chart(Chart const& chart) {
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}: {}, {}\">{}</svg>",
                     still_width, still_height, escape(chart.title), escape(chart.y_label),
                     escape(chart.x_label), still_lines(chart));
}

}  // namespace pushlab::report

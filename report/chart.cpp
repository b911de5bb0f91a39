#include "report/chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "results/format.hpp"

namespace pushlab::report {

namespace json = boost::json;

namespace {

// 1, 2 or 5 times a power of ten, so that at most `count` steps cover `span`.
double nice_step(double span, double count) {
  double const power = std::pow(10, std::floor(std::log10(span / count)));
  for (double factor : {1.0, 2.0, 5.0}) {
    if (span / (factor * power) <= count) return factor * power;
  }
  return 10 * power;
}

std::string tick_label(double value) {
  std::string label = results::number(value);
  if (label.find('.') == std::string::npos) return label;
  label.erase(label.find_last_not_of('0') + 1);
  if (label.back() == '.') label.pop_back();
  return label;
}

std::vector<Tick> linear_ticks(double low, double high, double count) {
  std::vector<Tick> ticks;
  double const step = nice_step(high - low, count);
  for (double i = std::ceil(low / step); i * step <= high * (1 + 1e-9); ++i) {
    ticks.push_back({i * step, tick_label(i * step)});
  }
  return ticks;
}

std::vector<Tick> decade_ticks(double low, double high) {
  std::vector<Tick> ticks;
  bool const fine = std::log10(high / low) <= 2.01;
  for (double power = std::floor(std::log10(low)); std::pow(10, power) <= high * 1.001; ++power) {
    for (double factor : {1.0, 2.0, 5.0}) {
      double const at = factor * std::pow(10, power);
      if ((factor > 1 && !fine) || at < low * 0.999 || at > high * 1.001) continue;
      ticks.push_back({at, tick_label(at)});
    }
  }
  return ticks;
}

std::pair<double, double> bounds(Chart const& chart) {
  double low = std::numeric_limits<double>::infinity();
  double high = 0;
  auto const see = [&](double value) {
    if (!std::isfinite(value) || (chart.logarithmic && value <= 0)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (Series const& series : chart.series) {
    for (auto const& y : series.y) {
      if (y) see(*y);
    }
    for (Whisker const& whisker : series.whiskers) {
      see(whisker.lo);
      see(whisker.hi);
    }
    for (auto const& range : series.band) {
      if (range) see(range->lo);
      if (range) see(range->hi);
    }
  }
  return std::isfinite(low) && high > 0 ? std::pair(low, high) : std::pair(1.0, 10.0);
}

json::array to_json(std::vector<Tick> const& ticks) {
  json::array array;
  for (Tick const& tick : ticks) array.push_back(json::array{tick.at, tick.label});
  return array;
}

// Four digits are more than a screen shows, and a third of the bytes.
double shortened(double value) {
  if (value == 0) return 0;
  double const scale = std::pow(10, 4 - std::ceil(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

}  // namespace

void scale(Chart& chart) {
  auto const [low, high] = bounds(chart);
  if (!chart.y_ticks.empty()) {
    // The range is the caller's.
  } else if (chart.logarithmic) {
    // To the next 1-2-5 step, so that the axis ends on a tick.
    auto const power_low = std::pow(10, std::floor(std::log10(low)));
    auto const power_high = std::pow(10, std::floor(std::log10(high)));
    chart.y_low = power_low * (low >= 5 * power_low ? 5 : low >= 2 * power_low ? 2 : 1);
    chart.y_high = power_high * (high <= 2 * power_high ? 2 : high <= 5 * power_high ? 5 : 10);
    chart.y_ticks = decade_ticks(chart.y_low, chart.y_high);
  } else {
    double const step = nice_step(high * 1.02, 5);
    chart.y_high = std::ceil(high * 1.02 / step) * step;
    chart.y_ticks = linear_ticks(0, chart.y_high, 5);
  }
  if (chart.x_ticks.empty() && chart.x.size() > 1 && chart.logarithmic_x) {
    chart.x_ticks = decade_ticks(chart.x.front(), chart.x.back());
  } else if (chart.x_ticks.empty() && chart.x.size() > 1) {
    // Seconds: whole ones only.
    chart.x_ticks = linear_ticks(chart.x.front(), chart.x.back(),
                                 std::min(6.0, chart.x.back() - chart.x.front()));
  }
}

json::object to_json(Chart const& chart) {
  json::array x;
  for (double value : chart.x) x.push_back(json::value(value));
  json::array series;
  for (Series const& one : chart.series) {
    json::array y, whiskers, band;
    for (auto const& value : one.y)
      y.push_back(value ? json::value(shortened(*value)) : json::value());
    for (Whisker const& w : one.whiskers) {
      whiskers.push_back(json::array{w.x, shortened(w.lo), shortened(w.hi)});
    }
    for (auto const& range : one.band) {
      band.push_back(range ? json::value{shortened(range->lo), shortened(range->hi)}
                           : json::value());
    }
    series.push_back(json::object{{"label", one.label},
                                  {"colour", one.colour},
                                  {"y", std::move(y)},
                                  {"whiskers", std::move(whiskers)},
                                  {"band", std::move(band)}});
  }
  json::array marks;
  for (Mark const& mark : chart.marks) marks.push_back(json::array{mark.x, mark.lo, mark.hi});
  return {{"id", chart.id},
          {"xLabel", chart.x_label},
          {"yLabel", chart.y_label},
          {"xUnit", chart.x_unit},
          {"yUnit", chart.y_unit},
          {"log", chart.logarithmic},
          {"logX", chart.logarithmic_x},
          {"sparse", chart.sparse},
          {"marks", std::move(marks)},
          {"x", std::move(x)},
          {"names", json::value_from(chart.x_names)},
          {"series", std::move(series)},
          {"yRange", json::array{chart.y_low, chart.y_high}},
          {"xTicks", to_json(chart.x_ticks)},
          {"yTicks", to_json(chart.y_ticks)}};
}

}  // namespace pushlab::report

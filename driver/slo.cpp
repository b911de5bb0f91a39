#include "driver/slo.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "driver/input_error.hpp"
#include "results/metric.hpp"

namespace pushlab::driver {
namespace {

struct Figure {
  std::string_view name, metric;
};
// The maximum is left out: a longer run finds a larger one.
constexpr auto figures = std::to_array<Figure>({{"mean", "latency_mean_ms"},
                                                {"p50", "latency_p50_ms"},
                                                {"p90", "latency_p90_ms"},
                                                {"p99", "latency_p99_ms"},
                                                {"p99.9", "latency_p99_9_ms"},
                                                {"p99.99", "latency_p99_99_ms"}});

struct Unit {
  std::string_view name;
  double ms;
};
constexpr auto units = std::to_array<Unit>({{"us", 1e-3}, {"ms", 1}, {"s", 1000}});

std::string_view trimmed(std::string_view text) {
  auto const begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

[[noreturn]] void fail(std::string_view text, std::string const& problem) {
  throw InputError(fmt::format("--slo '{}': {}", text, problem));
}

double limit_ms(std::string_view text, std::string_view limit) {
  double value = 0;
  auto const [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), value);
  if (error != std::errc{})
    fail(text, fmt::format("'{}' is no time: write a number and a unit, e.g. 250ms", limit));
  auto const name = trimmed({end, limit.data() + limit.size()});
  auto const unit = std::ranges::find(units, name, &Unit::name);
  if (unit == units.end())
    fail(text, fmt::format("{} after {}: write us, ms or s",
                           name.empty() ? "the unit is missing"
                                        : fmt::format("'{}' is no unit of time", name),
                           value));
  if (!std::isfinite(value) || value <= 0)
    fail(text, fmt::format("{} can never be held: give a limit above 0", limit));
  return value * unit->ms;
}

}  // namespace

std::string Slo::text() const {
  return fmt::format("{} <= {} ms", figure, limit_ms);
}

double Slo::events_wanted() const {
  return results::events_wanted(results::metric(metric).q);
}

Slo parse_slo(std::string_view text) {
  auto const sign = text.find("<=");
  if (sign == std::string_view::npos)
    fail(text, "there is no <= in it: write it like 'p99<=250ms'");
  auto const name = trimmed(text.substr(0, sign));
  auto const figure = std::ranges::find(figures, name, &Figure::name);
  if (figure == figures.end()) {
    std::vector<std::string_view> names;
    for (auto const& known : figures) names.push_back(known.name);
    fail(text, fmt::format("there is no figure '{}': use one of {}", name, fmt::join(names, ", ")));
  }
  return {std::string(name), std::string(figure->metric),
          limit_ms(text, trimmed(text.substr(sign + 2)))};
}

}  // namespace pushlab::driver

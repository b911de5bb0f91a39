#include "results/stationarity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "results/format.hpp"
#include "results/read.hpp"
#include "results/student_t.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr double window_s = 0.5;
constexpr std::size_t window_events = 10;
constexpr std::size_t windows_wanted = 6;
constexpr std::size_t batch_events = 5;
constexpr double same_level = 0.03;

double median(std::span<TimedValue const> values) {
  std::vector<double> sorted;
  for (TimedValue const& value : values) sorted.push_back(value.value);
  std::ranges::sort(sorted);
  std::size_t const half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

double difference(std::span<TimedValue const> one, std::span<TimedValue const> other) {
  double const level = median(other);
  double const found = std::abs(median(one) - level) / level;
  return std::isfinite(found) ? found : std::numeric_limits<double>::infinity();
}

std::vector<double> window_medians(std::span<TimedValue const> values) {
  std::vector<double> medians;
  std::size_t first = 0;
  for (std::size_t i = 1; i <= values.size(); ++i) {
    bool const full = i - first >= window_events;
    bool const over = i < values.size() && values[i].at_s - values[first].at_s >= window_s;
    if (!full || (!over && i < values.size())) continue;
    medians.push_back(median(values.subspan(first, i - first)));
    first = i;
  }
  return medians;
}

std::vector<double> ranks(std::vector<double> const& values) {
  std::vector<double> result;
  for (double value : values) {
    auto const below = std::ranges::count_if(values, [&](double v) { return v < value; });
    auto const equal = std::ranges::count(values, value);
    result.push_back(static_cast<double>(below) + (static_cast<double>(equal) + 1) / 2);
  }
  return result;
}

// How likely so clear a trend is where there is none.
double trend_p(std::vector<double> const& values) {
  auto const n = static_cast<double>(values.size());
  double const middle = (n + 1) / 2;
  double product = 0;
  double spread_x = 0;
  double spread_y = 0;
  auto const rank = ranks(values);
  for (std::size_t i = 0; i < rank.size(); ++i) {
    double const x = static_cast<double>(i) + 1 - middle;
    product += x * (rank[i] - middle);
    spread_x += x * x;
    spread_y += (rank[i] - middle) * (rank[i] - middle);
  }
  if (spread_y == 0) return 1;
  double const rho = product / std::sqrt(spread_x * spread_y);
  if (std::abs(rho) > 1 - 1e-12) return 0;
  return beyond_t(rho * std::sqrt((n - 2) / (1 - rho * rho)), n - 2);
}

// How many batches to leave out.
std::size_t mser(std::vector<double> const& batches) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  double sum = 0;
  double squares = 0;
  for (std::size_t cut = batches.size(); cut-- > 0;) {
    sum += batches[cut];
    squares += batches[cut] * batches[cut];
    auto const left = static_cast<double>(batches.size() - cut);
    if (left < batch_events) continue;  // the last few are alike by chance
    double const error = (squares - sum * sum / left) / (left * left);
    if (error <= least) {
      least = error;
      best = cut;
    }
  }
  return best;
}

std::optional<double> warmup_cut_s(std::span<TimedValue const> values) {
  std::vector<double> batches;
  for (std::size_t i = 0; i + batch_events <= values.size(); i += batch_events)
    batches.push_back(median(values.subspan(i, batch_events)));
  std::size_t const cut = mser(batches) * batch_events;
  if (cut == 0) return 0;
  if (difference(values.first(cut), values.subspan(cut)) < same_level) return 0;
  if (cut > values.size() / 2) return std::nullopt;
  return values[cut].at_s - values.front().at_s;
}

}  // namespace

Stationarity stationarity(std::span<TimedValue const> values) {
  auto const windows = window_medians(values);
  if (windows.size() < windows_wanted) {
    return {{},
            fmt::format("too short to tell: {} windows of {} events, {} wanted", windows.size(),
                        window_events, windows_wanted),
            {}};
  }
  std::size_t const half = values.size() / 2;
  double const halves = difference(values.first(half), values.subspan(half));
  double const p = trend_p(windows);
  Stationarity found{halves < same_level && p > 0.05, "", warmup_cut_s(values)};
  found.reason = fmt::format("the halves' medians differ by {}, trend of {} windows p = {}",
                             quantity(halves, "share"), windows.size(), number(p));
  return found;
}

std::vector<TimedValue> event_medians(json::object const& repetition) {
  std::vector<TimedValue> values;
  json::array const& columns = array_at(repetition, "event_rows.columns");
  auto const column = [&](char const* name) {
    return static_cast<std::size_t>(std::ranges::find(columns, json::value(name)) -
                                    columns.begin());
  };
  std::size_t const at = column("intended_ms");
  std::size_t const p50 = column("p50_ms");
  for (json::value const& row : array_at(repetition, "event_rows.rows")) {
    if (!row.is_array() || row.get_array().size() <= std::max(at, p50)) continue;
    json::value const& value = row.get_array()[p50];
    if (!row.get_array()[at].is_number()) continue;
    values.push_back(
        {row.get_array()[at].to_number<double>() / 1000,
         value.is_number() ? value.to_number<double>() : std::numeric_limits<double>::infinity()});
  }
  return values;
}

json::array stationarities(json::object const& target) {
  json::array list;
  for (json::value const& repetition : array_at(target, "repetitions")) {
    auto const found = stationarity(event_medians(repetition.as_object()));
    list.push_back(json::object{
        {"stationary", found.stationary ? json::value(*found.stationary) : json::value()},
        {"reason", found.reason},
        {"warmup_cut_s", found.warmup_cut_s ? json::value(*found.warmup_cut_s) : json::value()}});
  }
  return list;
}

}  // namespace pushlab::results

#include "results/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "results/student_t.hpp"

namespace pushlab::results {

namespace {

constexpr std::uint64_t bootstrap_seed =
    0x70757368'6c616221;  // fixed: the same result gives the same intervals

bool all_equal(std::vector<double> const& values) {
  return std::ranges::adjacent_find(values, std::ranges::not_equal_to{}) == values.end();
}

double variance(std::vector<double> const& values) {
  if (all_equal(values)) return 0;  // exactly: rounding must not make a spread
  double sum = 0;
  double squares = 0;
  double count = 0;
  for (double value : values) {
    if (!std::isfinite(value)) continue;
    sum += value;
    squares += value * value;
    ++count;
  }
  return count < 2 ? 0 : std::max(0.0, squares / count - (sum / count) * (sum / count));
}

// How much of the spread the events explain.
double events_part(Replicates const& replicates) {
  double const all = variance(replicates.both);
  return all > 0 ? std::min(1.0, variance(replicates.events) / all) : 1;
}

double stretch(Replicates const& replicates, std::size_t repetitions, double level) {
  if (repetitions < 2) return 1;
  auto const n = static_cast<double>(repetitions);
  double const full = std::sqrt(n / (n - 1)) * student_t(level, n - 1) / student_t(level, no_limit);
  double const events = events_part(replicates);
  return std::sqrt(events + (1 - events) * full * full);
}

// Drops what is not defined; takes logarithms when all are positive and says so.
bool to_logarithm(double& value, Replicates& replicates) {
  auto& [both, events] = replicates;
  std::erase_if(both, [](double v) { return std::isnan(v); });
  std::erase_if(events, [](double v) { return std::isnan(v); });
  auto const positive = [](double v) { return v > 0; };
  if (value <= 0 || !std::ranges::all_of(both, positive) || !std::ranges::all_of(events, positive))
    return false;
  value = std::log(value);
  for (double& v : both) v = std::log(v);
  for (double& v : events) v = std::log(v);
  return true;
}

}  // namespace

Resampler::Resampler(Shape shape, Level level)
    : shape_(std::move(shape)), first_event_(shape_.size()), level_(level), state_(bootstrap_seed) {
  std::exclusive_scan(shape_.begin(), shape_.end(), first_event_.begin(), 0U);
}

// SplitMix64: std::uniform_int_distribution differs between standard libraries, and the interval
// with it.
std::uint32_t Resampler::below(std::uint32_t bound) {
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
  mixed ^= mixed >> 31;
  return static_cast<std::uint32_t>(((mixed >> 32) * bound) >> 32);
}

Draw Resampler::next() {
  auto const count = static_cast<std::uint32_t>(shape_.size());
  Draw draw{std::vector<std::uint32_t>(count),
            std::vector<std::uint32_t>(std::accumulate(shape_.begin(), shape_.end(), 0U))};
  for (std::uint32_t i = 0; i < count; ++i) {
    std::uint32_t const repetition = level_ == Level::both ? below(count) : i;
    ++draw.repetitions[repetition];
    for (std::uint32_t e = 0; e < shape_[repetition]; ++e) {
      ++draw.events[first_event_[repetition] + below(shape_[repetition])];
    }
  }
  return draw;
}

Draw everything_once(Shape const& shape) {
  return {std::vector<std::uint32_t>(shape.size(), 1),
          std::vector<std::uint32_t>(std::accumulate(shape.begin(), shape.end(), 0U), 1)};
}

std::optional<Interval> interval(double value, Replicates replicates, std::size_t repetitions,
                                 double level) {
  if (!std::isfinite(value)) return std::nullopt;
  bool const logarithm = to_logarithm(value, replicates);
  auto& both = replicates.both;
  if (both.empty() || (repetitions < 2 && all_equal(both))) return std::nullopt;
  std::ranges::sort(both);
  double const factor = stretch(replicates, repetitions, level);
  auto const end = [&](double q) {
    double const at =
        both[static_cast<std::size_t>(q * static_cast<double>(both.size() - 1) + 0.5)];
    double const stretched = value + factor * (at - value);
    return logarithm ? std::exp(stretched) : std::max(0.0, stretched);  // no figure is negative
  };
  return Interval{end((1 - level) / 2), end((1 + level) / 2)};
}

std::optional<double> chance_of_ratio(double value, Replicates replicates,
                                      std::size_t repetitions) {
  if (!std::isfinite(value) || !to_logarithm(value, replicates)) return std::nullopt;
  auto const& both = replicates.both;
  if (both.empty() || (repetitions < 2 && all_equal(both))) return std::nullopt;
  double const spread = variance(both);
  if (spread <= 0) return value == 0 ? 1.0 : 0.0;
  double const factor = stretch(replicates, repetitions, 0.95);
  auto const beyond = std::ranges::count_if(both, [&](double v) {
    double const stretched = value + factor * (v - value);
    return value > 0 ? stretched <= 0 : stretched >= 0;
  });
  double const share = 2 * static_cast<double>(beyond) / static_cast<double>(both.size());
  // Welch and Satterthwaite: the events' part is known well, the repetitions' part from n of them.
  double const n = static_cast<double>(std::max<std::size_t>(repetitions, 2));
  double const events = repetitions < 2 ? 1 : events_part(replicates);
  double const others = (1 - events) * n / (n - 1);
  double const degrees = others > 0 ? (n - 1) * std::pow((events + others) / others, 2) : no_limit;
  double const t = value / std::sqrt(spread * (events + others));
  return std::min(1.0, std::max(share, beyond_t(t, degrees)));
}

}  // namespace pushlab::results

#include "results/bootstrap.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace pushlab::results {

namespace {

constexpr std::uint64_t bootstrap_seed =
    0x70757368'6c616221;  // fixed: the same result gives the same intervals

// Two-sided 95 % point of Student's t.
double student_t(std::size_t degrees) {
  constexpr auto metric_table =
      std::to_array<double>({12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                             2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086});
  return degrees <= metric_table.size() ? metric_table[degrees - 1]
                                        : 1.96 + 2.5 / static_cast<double>(degrees);
}

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

double stretch(Replicates const& replicates, std::size_t repetitions) {
  if (repetitions < 2) return 1;
  double const all = variance(replicates.both);
  if (all <= 0) return 1;
  auto const n = static_cast<double>(repetitions);
  double const full = std::sqrt(n / (n - 1)) * student_t(repetitions - 1) / 1.96;
  double const events_part = std::min(1.0, variance(replicates.events) / all);
  return std::sqrt(events_part + (1 - events_part) * full * full);
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

std::optional<Interval> interval(double value, Replicates replicates, std::size_t repetitions) {
  auto& [both, events] = replicates;
  std::erase_if(both, [](double v) { return std::isnan(v); });
  std::erase_if(events, [](double v) { return std::isnan(v); });
  if (!std::isfinite(value) || both.empty()) return std::nullopt;
  auto const positive = [](double v) { return v > 0; };
  bool const logarithm =
      value > 0 && std::ranges::all_of(both, positive) && std::ranges::all_of(events, positive);
  if (logarithm) {
    value = std::log(value);
    for (double& v : both) v = std::log(v);
    for (double& v : events) v = std::log(v);
  }
  if (repetitions < 2 && all_equal(both)) return std::nullopt;
  std::ranges::sort(both);
  double const factor = stretch(replicates, repetitions);
  auto const end = [&](double q) {
    double const at =
        both[static_cast<std::size_t>(q * static_cast<double>(both.size() - 1) + 0.5)];
    double const stretched = value + factor * (at - value);
    return logarithm ? std::exp(stretched) : std::max(0.0, stretched);  // no figure is negative
  };
  return Interval{end(0.025), end(0.975)};
}

}  // namespace pushlab::results

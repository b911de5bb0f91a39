#include "loadgen/recorder/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pushlab::loadgen {

// Growth is in whole octaves, so that it happens a few dozen times in a run at most.
void Histogram::grow(std::size_t bucket) {
  counts_.resize((bucket / sub_buckets + 1) * sub_buckets);
}

void Histogram::merge(Histogram const& other) {
  if (other.counts_.size() > counts_.size()) counts_.resize(other.counts_.size());
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
  recorded_ += other.recorded_;
  undelivered_ += other.undelivered_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

double Histogram::midpoint_of(std::size_t bucket) {
  if (bucket < sub_buckets) return static_cast<double>(bucket);
  auto const octave = static_cast<int>(bucket / sub_buckets) - 1;
  auto const lowest = static_cast<double>(bucket % sub_buckets + sub_buckets);
  return std::ldexp(lowest + 0.5, octave);
}

std::optional<double> Histogram::quantile(double q) const {
  // The tiny step back keeps 0.9 * 10 from becoming rank 10 by rounding.
  auto const exact_rank = std::ceil(q * static_cast<double>(total()) - 1e-9);
  auto const rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(exact_rank));
  if (rank > recorded_) return std::nullopt;
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen >= rank) {
      return std::clamp(midpoint_of(bucket), static_cast<double>(min_), static_cast<double>(max_));
    }
  }
  return std::nullopt;
}

Histogram Histogram::from_counts(std::vector<std::uint64_t> counts, std::uint64_t undelivered,
                                 std::uint64_t min, std::uint64_t max) {
  Histogram out;
  out.counts_ = std::move(counts);
  out.recorded_ = std::accumulate(out.counts_.begin(), out.counts_.end(), std::uint64_t{0});
  out.undelivered_ = undelivered;
  if (out.recorded_ > 0) {
    out.min_ = min;
    out.max_ = max;
  }
  return out;
}

}  // namespace pushlab::loadgen

// Log-linear histogram of durations in nanoseconds: 128 sub-buckets per octave, error below 0.4 %,
// about 1 ns a record.
//
// Values below 128 are exact. Merging adds counts and is exact. An undelivered value is larger than
// every other: a percentile that falls among the undelivered has no value. Not thread-safe: one
// histogram a worker.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace pushlab::loadgen {

class Histogram {
 public:
  static constexpr unsigned sub_buckets = 128;

  // A negative duration cannot be: it is kept as 0.
  void record(std::int64_t value_ns) {
    auto const value = value_ns > 0 ? static_cast<std::uint64_t>(value_ns) : 0;
    auto const bucket = bucket_of(value);
    if (bucket >= counts_.size()) grow(bucket);
    ++counts_[bucket];
    ++recorded_;
    if (value < min_) min_ = value;
    if (value > max_) max_ = value;
  }

  void add_undelivered(std::uint64_t count) { undelivered_ += count; }
  void merge(Histogram const& other);

  // The value at rank ceil(q * total), 0 < q <= 1. Nothing when empty or when the rank is
  // undelivered.
  std::optional<double> quantile(double q) const;
  std::optional<double> median() const { return quantile(0.5); }

  std::uint64_t total() const { return recorded_ + undelivered_; }
  std::uint64_t recorded() const { return recorded_; }
  std::uint64_t undelivered() const { return undelivered_; }
  std::uint64_t min() const { return recorded_ == 0 ? 0 : min_; }  // of the recorded values, exact
  std::uint64_t max() const { return max_; }
  std::vector<std::uint64_t> const& counts() const { return counts_; }  // by bucket

  static constexpr std::size_t bucket_of(std::uint64_t value) {
    if (value < sub_buckets) return value;
    auto const octave = static_cast<unsigned>(std::bit_width(value)) - 8;
    return sub_buckets * (octave + 1) + ((value >> octave) - sub_buckets);
  }
  static double midpoint_of(std::size_t bucket);

  // Restores a histogram that another process wrote down.
  static Histogram from_counts(std::vector<std::uint64_t> counts, std::uint64_t undelivered,
                               std::uint64_t min, std::uint64_t max);

 private:
  void grow(std::size_t bucket);

  std::vector<std::uint64_t> counts_;
  std::uint64_t recorded_ = 0;
  std::uint64_t undelivered_ = 0;
  std::uint64_t min_ = UINT64_MAX;
  std::uint64_t max_ = 0;
};

}  // namespace pushlab::loadgen

#include "results/histogram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr std::uint32_t sub_buckets = 128;
constexpr std::uint32_t sub_bucket_bits = 7;
constexpr std::uint32_t sketch_buckets = sub_buckets * 58;  // every 64-bit value has a bucket

std::uint64_t count_of(json::value const& value, char const* what) {
  if (value.is_uint64()) return value.get_uint64();
  if (value.is_int64() && value.get_int64() >= 0)
    return static_cast<std::uint64_t>(value.get_int64());
  throw ResultError(fmt::format("histogram: {} must be a whole number, not negative", what));
}

std::uint64_t member_count(json::object const& object, char const* name) {
  json::value const* value = object.if_contains(name);
  return value == nullptr || value->is_null() ? 0 : count_of(*value, name);
}

}  // namespace

std::uint32_t Histogram::bucket_of(std::uint64_t value) {
  if (value < sub_buckets) return static_cast<std::uint32_t>(value);
  auto const exponent = static_cast<std::uint32_t>(std::bit_width(value)) - 1 - sub_bucket_bits;
  return sub_buckets * (exponent + 1) +
         static_cast<std::uint32_t>((value >> exponent) - sub_buckets);
}

double Histogram::midpoint_of(std::uint32_t bucket) {
  if (bucket < sub_buckets) return bucket;
  std::uint32_t const exponent = bucket / sub_buckets - 1;
  double const low = std::ldexp(bucket % sub_buckets + sub_buckets, static_cast<int>(exponent));
  return low + (std::ldexp(1.0, static_cast<int>(exponent)) - 1) / 2;
}

void Histogram::add(std::uint64_t value, std::uint64_t count) {
  if (count == 0) return;
  min_ = delivered_ == 0 ? value : std::min(min_, value);
  max_ = std::max(max_, value);
  counts_[bucket_of(value)] += count;
  delivered_ += count;
}

void Histogram::merge(Histogram const& other) {
  if (other.delivered_ > 0) {
    min_ = delivered_ == 0 ? other.min_ : std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
  }
  for (auto const& [bucket, count] : other.counts_) counts_[bucket] += count;
  delivered_ += other.delivered_;
  undelivered_ += other.undelivered_;
}

std::optional<double> Histogram::quantile(double q) const {
  double const exact_rank = q * static_cast<double>(population());
  auto const rank =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(exact_rank - 1e-9)));
  if (rank > delivered_) return std::nullopt;
  if (rank == delivered_) return static_cast<double>(max_);
  std::uint64_t seen = 0;
  for (auto const& [bucket, count] : counts_) {
    seen += count;
    if (seen < rank) continue;
    return std::clamp(midpoint_of(bucket), static_cast<double>(min_), static_cast<double>(max_));
  }
  return static_cast<double>(max_);
}

std::optional<double> Histogram::mean() const {
  if (undelivered_ > 0 || delivered_ == 0) return std::nullopt;
  double sum = 0;
  for (auto const& [bucket, count] : counts_) {
    sum += midpoint_of(bucket) * static_cast<double>(count);
  }
  return sum / static_cast<double>(delivered_);
}

Histogram Histogram::from_json(json::object const& object) {
  json::value const* unit = object.if_contains("unit");
  if (unit == nullptr || *unit != "ns" || member_count(object, "sub_buckets") != sub_buckets) {
    throw ResultError("histogram: only unit \"ns\" with 128 sub_buckets can be read");
  }
  json::value const* counts = object.if_contains("counts");
  if (counts == nullptr || !counts->is_array()) throw ResultError("histogram: counts is missing");
  Histogram histogram;
  for (json::value const& entry : counts->get_array()) {
    if (!entry.is_array() || entry.get_array().size() != 2) {
      throw ResultError("histogram: an entry of counts must be [bucket, count]");
    }
    std::uint64_t const bucket = count_of(entry.get_array()[0], "bucket");
    std::uint64_t const count = count_of(entry.get_array()[1], "count");
    if (bucket >= sketch_buckets) throw ResultError(fmt::format("histogram: no bucket {}", bucket));
    histogram.counts_[static_cast<std::uint32_t>(bucket)] += count;
    histogram.delivered_ += count;
  }
  histogram.undelivered_ = member_count(object, "undelivered");
  histogram.min_ = member_count(object, "min");
  histogram.max_ = member_count(object, "max");
  return histogram;
}

json::object Histogram::to_json() const {
  json::array counts;
  for (auto const& [bucket, count] : counts_) counts.push_back(json::array{bucket, count});
  return {{"unit", "ns"},
          {"sub_buckets", sub_buckets},
          {"total", population()},
          {"undelivered", undelivered_},
          {"min", min_},
          {"max", max_},
          {"counts", std::move(counts)}};
}

}  // namespace pushlab::results

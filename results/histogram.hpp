#pragma once
// A log-linear histogram as results keep it: whole, so that runs can be merged exactly and read
// again later. The layout (128 sub-buckets per power of two, so a bucket is at most 0.8 % wide):
//   v < 128: bucket = v; else e = floor(log2 v) - 7, bucket = 128 * (e + 1) + ((v >> e) - 128).
// Read here independently of the load generator that wrote it: a shared mistake would cancel out.

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <optional>

namespace pushlab::results {

class Histogram {
 public:
  // Throws ResultError when a member is missing, of the wrong type, or the layout is another one.
  static Histogram from_json(boost::json::object const& json);
  boost::json::object to_json() const;

  void add(std::uint64_t value, std::uint64_t count = 1);
  void add_undelivered(std::uint64_t count) { undelivered_ += count; }
  void merge(Histogram const& other);  // exact: counts are added

  std::uint64_t delivered() const { return delivered_; }
  std::uint64_t undelivered() const { return undelivered_; }
  std::uint64_t population() const { return delivered_ + undelivered_; }
  std::uint64_t min() const { return min_; }
  std::uint64_t max() const { return max_; }
  std::map<std::uint32_t, std::uint64_t> const& counts() const { return counts_; }

  // The value that a share `q` of the population does not exceed, in ns. Undelivered counts as
  // infinite: no value when the quantile falls among the undelivered, or when there is no
  // population.
  std::optional<double> quantile(double q) const;

  // In ns, over the delivered; no value when one is undelivered or there is none.
  std::optional<double> mean() const;

  static std::uint32_t bucket_of(std::uint64_t value);
  static double midpoint_of(std::uint32_t bucket);

 private:
  std::map<std::uint32_t, std::uint64_t> counts_;
  std::uint64_t delivered_ = 0;
  std::uint64_t undelivered_ = 0;
  std::uint64_t min_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace pushlab::results

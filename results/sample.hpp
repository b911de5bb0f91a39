#pragma once
// Weighted values that belong to units (events or repetitions), so that resampling a unit resamples
// all its values.

#include <cstdint>
#include <span>
#include <vector>

namespace pushlab::results {

class Sample {
 public:
  // `value` may be infinite: undelivered. `weight` is how many deliveries the value stands for.
  void add(double value, double weight, std::uint32_t unit);
  void seal();  // sorts; call once, after the last add() and before quantiles()
  bool empty() const { return points_.empty(); }
  std::size_t size() const { return points_.size(); }

  // The quantiles (`qs` ascending) when unit u counts multiplicity[u] times. NaN when nothing
  // counts.
  std::vector<double> quantiles(std::span<double const> qs,
                                std::span<std::uint32_t const> multiplicity) const;
  double mean(std::span<std::uint32_t const> multiplicity) const;

 private:
  struct Point {
    double value;
    double weight;
    std::uint32_t unit;
  };
  std::vector<Point> points_;
  std::vector<double> unit_weight_;
  std::vector<double> unit_sum_;
};

}  // namespace pushlab::results

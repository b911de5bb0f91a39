#pragma once
// Where a series of figures changed its level for good: E-divisive means (Matteson & James, "A
// Nonparametric Approach for Multiple Change Point Analysis of Multivariate Data", 2014), as Apache
// Otava uses it.
//
// A segment is split where the energy distance between both sides is largest, and the split is
// believed when a t-test of the sides (equal variances) says so. There are no permutations, so the
// same series gives the same answer. Windows of 50 that overlap by half are searched with ten times
// the p that is allowed in the end; then the weakest points are taken out, one by one, and their
// neighbours judged anew over whole segments, until all are sure and large enough.
//
// The place is chosen from the same data as the p, so a series without a change is reported more
// often than p says, but hardly more than (places to split) x 0.001: the tests count it.

#include <cstddef>
#include <span>
#include <vector>

namespace pushlab::results {

struct ChangeRule {
  std::size_t window = 50;
  std::size_t min_segment = 6;  // values on either side
  double max_p = 0.001;
  double min_change = 0.05;  // a share of the level before
};

struct ChangePoint {
  std::size_t index;  // of the first value of the new level
  double before;      // means of both segments
  double after;
  double change;  // after / before - 1; infinite when before is 0
  double p;
};

// In the order of the series, whose values are finite. Too short a series has none.
std::vector<ChangePoint> change_points(std::span<double const> series, ChangeRule const& rule = {});

}  // namespace pushlab::results

#include "driver/capacity_search.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace pushlab::driver {
namespace {

// A target that holds up to `capacity`, seen through noise: near it by luck, and now and then
// wrong.
struct Noisy {
  double capacity;
  double blur;   // relative
  double wrong;  // share of false verdicts
  std::mt19937_64 random;

  double draw() { return static_cast<double>(random() >> 11) * 0x1.0p-53; }
  bool holds(double load) {
    auto const by_luck = blur * std::log(draw() / (1 - draw()));
    auto const truth = std::log(load) + by_luck < std::log(capacity);
    return draw() < wrong ? !truth : truth;
  }
};

CapacitySearch searched(CapacitySearch::Bounds bounds, Noisy target) {
  CapacitySearch search(bounds);
  while (auto const probe = search.next()) search.tell(target.holds(probe->load));
  return search;
}

TEST(CapacitySearch, finds_the_capacity_of_a_quiet_target_within_the_bracket) {
  for (double const capacity : {1.5, 7.0, 100.0, 3333.0}) {
    auto const search = searched({}, {capacity, 0, 0, std::mt19937_64(1)});
    EXPECT_LE(search.confirmed(), capacity);
    EXPECT_GE(search.confirmed(), capacity / 1.05);
    EXPECT_LE(search.probes(), 25) << capacity;
  }
}

TEST(CapacitySearch, finds_it_within_a_tenth_through_noise_and_false_verdicts) {
  int near = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    auto const capacity = 20.0 * std::pow(1.03, seed);
    auto const search = searched({}, {capacity, 0.01, 0.05, std::mt19937_64(seed)});
    EXPECT_LE(search.probes(), 60);
    if (std::abs(search.confirmed() / capacity - 1) <= 0.1) ++near;
  }
  EXPECT_GE(near, 190);
}

TEST(CapacitySearch, goes_down_from_a_start_that_does_not_hold) {
  auto const search = searched({.start = 100}, {9, 0, 0, std::mt19937_64(1)});
  EXPECT_NEAR(search.confirmed(), 9, 0.5);
}

TEST(CapacitySearch, says_that_nothing_holds) {
  auto const search = searched({}, {1e-9, 0, 0, std::mt19937_64(1)});
  EXPECT_EQ(search.confirmed(), 0);
  EXPECT_EQ(search.highest(), 0);
}

TEST(CapacitySearch, ends_at_its_bound_and_says_so) {
  auto const search = searched({.most = 300}, {1e9, 0, 0, std::mt19937_64(1)});
  EXPECT_EQ(search.confirmed(), 300);
  EXPECT_TRUE(search.reached_the_most());
}

TEST(CapacitySearch, finds_whole_numbers_and_ends_with_them) {
  for (double const capacity : {1.0, 2.0, 3.0, 7.0, 19.0}) {
    auto const search = searched({.whole = true}, {capacity + 0.5, 0, 0, std::mt19937_64(1)});
    EXPECT_EQ(search.confirmed(), capacity);
  }
}

TEST(CapacitySearch, steps_down_when_a_confirmation_fails_twice) {
  CapacitySearch search({});
  double first = 0;
  double second = 0;
  while (auto const probe = search.next()) {
    if (probe->confirms && (first == 0 || probe->load == first)) {
      first = probe->load;
      search.tell(false);
      continue;
    }
    if (probe->confirms) second = probe->load;
    search.tell(probe->load <= 50);
  }
  EXPECT_NEAR(second, first / 1.05, 1e-9);
  EXPECT_EQ(search.confirmed(), second);
}

}  // namespace
}  // namespace pushlab::driver

#include "driver/paired_probe.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include "driver/interrupt.hpp"

namespace pushlab::driver {
namespace {

using std::chrono::seconds;

TEST(PairedProbes, ask_both_as_often_and_one_first_to_warm_up) {
  unsigned base = 0, head = 0;
  auto const times =
      probe_pairs([&] { return double(++base); }, [&] { return double(++head); }, 100, 1);
  ASSERT_EQ(times.size(), 100U);
  EXPECT_EQ(times.front(), std::pair(2., 2.));
  EXPECT_EQ(times.back(), std::pair(101., 101.));
}

TEST(PairedProbes, end_with_the_least_pairs_when_their_time_is_over) {
  auto const probe = [] { return 1.; };
  EXPECT_EQ(probe_pairs(probe, probe, 100'000, 1, seconds(0)).size(), least_pairs);
  EXPECT_EQ(probe_pairs(probe, probe, 7, 1, seconds(0)).size(), 7U);
}

TEST(PairedProbesDeathTest, end_when_the_driver_is_interrupted) {
  auto const interrupted_in_the_third = [] {
    catch_interrupts();
    unsigned asked = 0;
    auto const base = [&] {
      if (++asked == 4) std::raise(SIGTERM);
      return 1.;
    };
    std::exit(static_cast<int>(probe_pairs(base, [] { return 1.; }, 1000, 1).size()));
  };
  EXPECT_EXIT(interrupted_in_the_third(), testing::ExitedWithCode(3), "");
}

}  // namespace
}  // namespace pushlab::driver

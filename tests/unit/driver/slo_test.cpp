#include "driver/slo.hpp"

#include <gtest/gtest.h>

#include "driver/input_error.hpp"

namespace pushlab::driver {
namespace {

std::string complaint(std::string_view text) {
  try {
    parse_slo(text);
  } catch (InputError const& error) {
    return error.what();
  }
  return "none";
}

TEST(Slo, reads_figures_and_units) {
  auto const p99 = parse_slo("p99<=250ms");
  EXPECT_EQ(p99.metric, "latency_p99_ms");
  EXPECT_EQ(p99.limit_ms, 250);
  EXPECT_EQ(p99.text(), "p99 <= 250 ms");
  EXPECT_EQ(parse_slo("p99.9<=1s").metric, "latency_p99_9_ms");
  EXPECT_EQ(parse_slo("p99.9<=1s").limit_ms, 1000);
  EXPECT_EQ(parse_slo("mean <= 0.5 ms").metric, "latency_mean_ms");
  EXPECT_EQ(parse_slo(" p50 <= 500 us ").limit_ms, 0.5);
}

TEST(Slo, says_what_is_wrong_and_how_to_mend_it) {
  EXPECT_EQ(complaint("p99<250ms"),
            "--slo 'p99<250ms': there is no <= in it: write it like 'p99<=250ms'");
  EXPECT_EQ(complaint("p98<=250ms"),
            "--slo 'p98<=250ms': there is no figure 'p98': use one of mean, p50, p90, p99, p99.9, "
            "p99.99");
  EXPECT_EQ(complaint("p99<=250"),
            "--slo 'p99<=250': the unit is missing after 250: write us, ms or s");
  EXPECT_EQ(complaint("p99<=250min"),
            "--slo 'p99<=250min': 'min' is no unit of time after 250: write us, ms or s");
  EXPECT_EQ(complaint("p99<=fast"),
            "--slo 'p99<=fast': 'fast' is no time: write a number and a unit, e.g. 250ms");
  EXPECT_EQ(complaint("p99<=0ms"), "--slo 'p99<=0ms': 0ms can never be held: give a limit above 0");
  EXPECT_NE(complaint("p99<=-1ms"), "none");
  EXPECT_NE(complaint("p99<=infs"), "none");
  EXPECT_NE(complaint("p99<=nanms"), "none");
  EXPECT_NE(complaint(""), "none");
}

}  // namespace
}  // namespace pushlab::driver

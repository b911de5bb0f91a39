#include "driver/ready_probe.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace pushlab::driver {
namespace {

TEST(FreePort, is_none_that_an_outgoing_connection_may_take_meanwhile) {
  int kernels_first = 0;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> kernels_first;
  if (kernels_first <= 11000) GTEST_SKIP() << "the kernel gives nearly all ports away";
  for (int i = 0; i < 100; ++i) {
    int const port = free_port();
    EXPECT_GE(port, 10000);
    EXPECT_LT(port, kernels_first);
  }
}

TEST(FreePort, is_not_the_same_again) {
  int const port = free_port();
  int same = 0;
  for (int i = 0; i < 10; ++i) same += free_port() == port;
  EXPECT_LT(same, 3);
}

}  // namespace
}  // namespace pushlab::driver

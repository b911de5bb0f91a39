#include "servers/net/connection_quota.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace pushlab::server {
namespace {

TEST(ConnectionQuota, gives_each_key_as_many_as_the_limit) {
  ConnectionQuota quota{2};
  EXPECT_TRUE(quota.take("a"));
  EXPECT_TRUE(quota.take("a"));
  EXPECT_FALSE(quota.take("a"));
  EXPECT_TRUE(quota.take("b"));
  quota.release("a");
  EXPECT_TRUE(quota.take("a"));
  EXPECT_FALSE(quota.take("a"));
}

TEST(ConnectionQuota, forgets_a_key_with_its_last_connection) {
  ConnectionQuota quota{2};
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(quota.take(std::to_string(i)));
  EXPECT_EQ(quota.keys(), 100U);
  for (int i = 0; i < 100; ++i) quota.release(std::to_string(i));
  EXPECT_EQ(quota.keys(), 0U);
}

TEST(ConnectionQuota, without_a_limit_lets_everybody_in_and_keeps_nothing) {
  ConnectionQuota quota{0};
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(quota.take("a"));
  EXPECT_EQ(quota.keys(), 0U);
  quota.release("a");
}

TEST(ConnectionQuota, holds_when_several_threads_take_and_release) {
  ConnectionQuota quota{3};
  std::atomic<int> inside{0}, most{0}, taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) {
        if (!quota.take("a")) continue;
        ++taken;
        auto const now = ++inside;
        if (now > most) most = now;
        --inside;
        quota.release("a");
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_LE(most, 3);
  EXPECT_GE(taken, 10'000);
  EXPECT_EQ(quota.keys(), 0U);
}

TEST(QuotaLease, gives_its_share_back_once_however_it_was_moved) {
  ConnectionQuota quota{1};
  {
    ASSERT_TRUE(quota.take("a"));
    QuotaLease first{quota, "a"};
    QuotaLease second{std::move(first)}, third;
    EXPECT_FALSE(first);
    third = std::move(second);
    EXPECT_TRUE(third);
    EXPECT_FALSE(quota.take("a"));
  }
  EXPECT_EQ(quota.keys(), 0U);
}

}  // namespace
}  // namespace pushlab::server

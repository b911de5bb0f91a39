#include "driver/proc_sampler.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>
#include <vector>

#include "driver/process.hpp"

namespace pushlab::driver {
namespace {

using Clock = std::chrono::steady_clock;

// Asks again until the condition holds; false after ten seconds.
template <class Condition>
bool comes_true(Condition condition) {
  for (auto const end = Clock::now() + std::chrono::seconds(10); Clock::now() < end;) {
    if (condition()) return true;
    ::poll(nullptr, 0, 1);
  }
  return false;
}

TEST(ProcSampler, counts_the_cpu_of_a_child_and_of_its_children) {
  auto const begin = Clock::now();
  Process process({{"sh", "-c", "(while :; do :; done) & wait"}, {}, {}, {}, {}});
  ProcSampler sampler(process.pid());
  EXPECT_TRUE(comes_true([&] { return sampler.tree().size() == 2; }));
  EXPECT_TRUE(comes_true([&] { return sampler.cpu_ns() > 50'000'000; }));
  EXPECT_LT(sampler.cpu_ns(), 2 * (Clock::now() - begin) / std::chrono::nanoseconds(1));
}

TEST(ProcSampler, keeps_the_cpu_of_a_process_that_has_ended) {
  Process process({{"sh", "-c", "while :; do :; done"}, {}, {}, {}, {}});
  ProcSampler sampler(process.pid());
  ASSERT_TRUE(comes_true([&] { return sampler.cpu_ns() > 20'000'000; }));
  process.stop(std::chrono::seconds(10));
  EXPECT_GT(sampler.cpu_ns(), 20'000'000);
  EXPECT_TRUE(sampler.tree().empty());
}

TEST(ProcSampler, sees_memory_that_was_touched) {
  ProcSampler const sampler(::getpid());
  auto const before = sampler.memory();
  std::vector<char> const touched(32 << 20, 'x');
  auto const after = sampler.memory();
  EXPECT_GE(after.user_kib - before.user_kib, 30 << 10);
  EXPECT_GE(after.rss_kib - before.rss_kib, 30 << 10);
  EXPECT_GT(after.kernel_kib, 0);
  EXPECT_EQ(touched.back(), 'x');
}

TEST(ProcSampler, tells_a_process_that_waits_from_one_that_works) {
  Process waiting({{"sleep", "60"}, {}, {}, {}, {}});
  ProcSampler const idle(waiting.pid());
  EXPECT_TRUE(comes_true([&] { return idle.asleep(); }));
  Process working({{"sh", "-c", "(while :; do :; done) & wait"}, {}, {}, {}, {}});
  ProcSampler const busy(working.pid());
  EXPECT_TRUE(comes_true([&] { return busy.tree().size() == 2 && !busy.asleep(); }));
  waiting.stop(std::chrono::seconds(10));
  EXPECT_FALSE(idle.asleep());
}

TEST(ProcSampler, counts_threads_and_sockets) {
  std::thread([] {}).join();  // the thread sanitizer starts a thread of its own with the first one
  ProcSampler const sampler(::getpid());
  int const threads = sampler.threads();
  int const sockets = sampler.sockets();
  std::array<int, 2> pair{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
  EXPECT_EQ(sampler.sockets(), sockets + 2);
  std::thread reader([&] {
    char byte = 0;
    EXPECT_EQ(::read(pair[0], &byte, 1), 1);
  });
  EXPECT_EQ(sampler.threads(), threads + 1);
  EXPECT_EQ(::write(pair[1], "x", 1), 1);
  reader.join();
  ::close(pair[0]);
  ::close(pair[1]);
}

TEST(ProcSampler, is_quiet_about_a_process_that_never_was) {
  ProcSampler sampler(0x7ffffffe);
  EXPECT_EQ(sampler.cpu_ns(), 0);
  EXPECT_EQ(sampler.memory().user_kib, 0);
  EXPECT_EQ(sampler.threads(), 0);
}

}  // namespace
}  // namespace pushlab::driver

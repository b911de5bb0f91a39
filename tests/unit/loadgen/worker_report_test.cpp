#include "loadgen/worker/worker_report.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace pushlab::loadgen {
namespace {

WorkerReport full_report() {
  WorkerReport report;
  report.total.connected = 7;
  report.measured.bytes_received = 1234;
  report.counts.duplicates = 3;
  report.publish.errors = 2;
  report.cpu_ns = 99;
  report.stale_ns = 1.5;
  report.wire.segments_sent = 4;
  report.system.wait_ns = 8;
  report.loop_delay.record(3);
  report.comeback.record(4);
  for (int i = 0; i < 1000; ++i) report.latency.record(i * 1000);
  report.seconds.resize(2);
  report.seconds[1].record(5);
  report.traces.resize(3);
  report.traces[2].delivered = 2;
  report.traces[2].samples = {10, 20};
  return report;
}

TEST(WorkerReport, comes_back_whole_from_another_process) {
  auto const report = full_report();
  auto const copy = from_bytes(to_bytes(report));
  EXPECT_EQ(copy.total.connected, 7U);
  EXPECT_EQ(copy.measured.bytes_received, 1234U);
  EXPECT_EQ(copy.counts.duplicates, 3U);
  EXPECT_EQ(copy.publish.errors, 2U);
  EXPECT_EQ(copy.cpu_ns, 99);
  EXPECT_EQ(copy.stale_ns, 1.5);
  EXPECT_EQ(copy.wire.segments_sent, 4U);
  EXPECT_EQ(copy.system.wait_ns, 8U);
  EXPECT_FALSE(copy.system.steal_ticks);
  EXPECT_EQ(copy.loop_delay.max(), 3U);
  EXPECT_EQ(copy.comeback.max(), 4U);
  EXPECT_EQ(copy.latency.counts(), report.latency.counts());
  EXPECT_EQ(copy.latency.max(), report.latency.max());
  ASSERT_EQ(copy.seconds.size(), 2U);
  EXPECT_EQ(copy.seconds[1].recorded(), 1U);
  ASSERT_EQ(copy.traces.size(), 3U);
  EXPECT_EQ(copy.traces[2].samples, (std::vector<std::int64_t>{10, 20}));
}

TEST(WorkerReport, is_refused_when_cut_anywhere) {
  auto const bytes = to_bytes(full_report());
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    EXPECT_THROW(from_bytes({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}),
                 std::out_of_range)
        << size;
  }
}

}  // namespace
}  // namespace pushlab::loadgen

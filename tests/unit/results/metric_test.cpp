#include "results/metric.hpp"

#include <gtest/gtest.h>

#include <set>

#include "results/read.hpp"
#include "results/summary.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;

TEST(MetricRegistry, is_complete_and_every_target_has_every_figure) {
  std::set<std::string_view> ids;
  for (Metric const& metric : metrics()) {
    EXPECT_TRUE(ids.insert(metric.id).second) << metric.id << " twice";
    EXPECT_FALSE(metric.title.empty()) << metric.id;
    EXPECT_FALSE(metric.path.empty()) << metric.id;
    EXPECT_TRUE(metric.explanation.ends_with('.')) << metric.id;
  }
  for (char const* id : {"latency_p50_ms",
                         "latency_p90_ms",
                         "latency_p99_ms",
                         "latency_p99_9_ms",
                         "latency_p99_99_ms",
                         "latency_max_ms",
                         "latency_from_send_p50_ms",
                         "latency_from_send_p99_ms",
                         "event_median_ms",
                         "last_subscriber_ms",
                         "spread_ms",
                         "deliveries_per_s",
                         "server_cpu_us_per_delivery",
                         "memory_kib_per_connection",
                         "kernel_kib_per_connection",
                         "bytes_per_delivery",
                         "requests_per_delivery",
                         "useless_requests",
                         "useless_request_share",
                         "connect_ms_p50",
                         "connect_ms_p99",
                         "lost",
                         "duplicates",
                         "out_of_order",
                         "unentitled",
                         "generator_cpu_share",
                         "generator_lag_ms_p99"}) {
    EXPECT_TRUE(ids.contains(id)) << id;
  }
  json::object result = sample::result(
      {50, 40, 3, 10, 0.08, 1}, {{"a", "a", "sse", [](sample::Random&, double) { return 1.0; }}});
  summarise(result);
  json::object const& figures = object_at(result.at("targets").at(0).as_object(), "figures");
  EXPECT_EQ(figures.size(), metrics().size());
  for (Metric const& metric : metrics())
    EXPECT_TRUE(number_at(object_at(figures, metric.id), "value")) << metric.id;
}

}  // namespace
}  // namespace pushlab::results

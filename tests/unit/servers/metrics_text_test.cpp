#include "servers/server/metrics_text.hpp"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

namespace pushlab::server {
namespace {

// Prometheus text format: `# HELP name text`, `# TYPE name kind`, `name{labels} value`.
struct Metrics {
  explicit Metrics(std::string const& text) {
    EXPECT_TRUE(text.ends_with('\n'));
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words{line};
      std::string hash, keyword, name;
      if (line.starts_with("# ")) {
        words >> hash >> keyword >> name;
        if (keyword == "TYPE") words >> types[name];
        continue;
      }
      auto const space = line.rfind(' ');
      EXPECT_TRUE(is_described(line.substr(0, line.find_first_of("{ ")))) << line;
      EXPECT_TRUE(values.emplace(line.substr(0, space), line.substr(space + 1)).second) << line;
    }
  }
  // A histogram's lines have its name and what they are of it.
  bool is_described(std::string name) const {
    for (std::string const part : {"_bucket", "_sum", "_count"})
      if (name.ends_with(part) && types.count(name.substr(0, name.size() - part.size())))
        name.resize(name.size() - part.size());
    return types.count(name) > 0;
  }

  std::map<std::string, std::string> types, values;
};

TEST(MetricsText, adds_up_all_loops) {
  Counters one, two;
  one.accepted.add(3);
  two.accepted.add(4);
  two.ended[static_cast<std::size_t>(EndReason::slow_reader)].add(2);
  one.deliveries.add(10);
  two.deliveries.add(5);
  Metrics const metrics{metrics_text({"pushlab-sse", 9}, {&one, &two})};
  auto const value = [&](std::string const& name) { return metrics.values.at(name); };
  EXPECT_EQ(value("pushlab_info{server=\"pushlab-sse\"}"), "1");
  EXPECT_EQ(value("pushlab_connections_accepted_total"), "7");
  EXPECT_EQ(value("pushlab_connections_open"), "5");
  EXPECT_EQ(value("pushlab_deliveries_total"), "15");
  EXPECT_EQ(value("pushlab_notifications_total"), "9");
  EXPECT_EQ(value("pushlab_connections_ended_total{reason=\"slow_reader\"}"), "2");
}

TEST(MetricsText, has_every_end_reason_from_the_start) {
  Metrics const metrics{metrics_text({"x"}, {})};
  for (auto const reason : end_reason_names)
    EXPECT_EQ(metrics.values.at("pushlab_connections_ended_total{reason=\"" + std::string{reason} +
                                "\"}"),
              "0");
}

TEST(MetricsText, a_histogram_counts_up_to_each_bound) {
  Counters one, two;
  one.revocation_pushed.observe(500'000);         // 0.5 ms
  two.revocation_pushed.observe(300'000'000);     // 0.3 s
  two.revocation_pushed.observe(90'000'000'000);  // 90 s
  Metrics const metrics{metrics_text({"x"}, {&one, &two})};
  auto const bucket = [&](std::string const& bound) {
    return metrics.values.at("pushlab_revocation_delay_seconds_bucket{source=\"pushed\",le=\"" +
                             bound + "\"}");
  };
  EXPECT_EQ(bucket("0.001"), "1");
  EXPECT_EQ(bucket("0.1"), "1");
  EXPECT_EQ(bucket("0.5"), "2");
  EXPECT_EQ(bucket("60"), "2");
  EXPECT_EQ(bucket("+Inf"), "3");
  EXPECT_EQ(metrics.values.at("pushlab_revocation_delay_seconds_count{source=\"pushed\"}"), "3");
  EXPECT_EQ(metrics.values.at("pushlab_revocation_delay_seconds_sum{source=\"pushed\"}"),
            "90.3005");
  EXPECT_EQ(metrics.values.at("pushlab_revocation_delay_seconds_count{source=\"rechecked\"}"), "0");
}

TEST(MetricsText, counts_refusals_by_status) {
  Counters one;
  one.refused.add(401);
  one.refused.add(401);
  one.refused.add(418);  // none that is counted
  Metrics const metrics{metrics_text({"x"}, {&one})};
  EXPECT_EQ(metrics.values.at("pushlab_requests_refused_total{status=\"401\"}"), "2");
  EXPECT_EQ(metrics.values.at("pushlab_requests_refused_total{status=\"503\"}"), "0");
}

TEST(MetricsText, names_counters_total_and_gauges_not) {
  Metrics const metrics{metrics_text({"x"}, {})};
  for (auto const& [name, type] : metrics.types)
    EXPECT_EQ(name.ends_with("_total"), type == "counter") << name;
}

}  // namespace
}  // namespace pushlab::server

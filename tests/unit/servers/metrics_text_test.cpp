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
      EXPECT_TRUE(types.count(line.substr(0, line.find_first_of("{ ")))) << line;
      EXPECT_TRUE(values.emplace(line.substr(0, space), line.substr(space + 1)).second) << line;
    }
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
  Metrics const metrics{metrics_text("pushlab-sse", {&one, &two}, 9)};
  auto const value = [&](std::string const& name) { return metrics.values.at(name); };
  EXPECT_EQ(value("pushlab_info{server=\"pushlab-sse\"}"), "1");
  EXPECT_EQ(value("pushlab_connections_accepted_total"), "7");
  EXPECT_EQ(value("pushlab_connections_open"), "5");
  EXPECT_EQ(value("pushlab_deliveries_total"), "15");
  EXPECT_EQ(value("pushlab_notifications_total"), "9");
  EXPECT_EQ(value("pushlab_connections_ended_total{reason=\"slow_reader\"}"), "2");
}

TEST(MetricsText, has_every_end_reason_from_the_start) {
  Metrics const metrics{metrics_text("x", {}, 0)};
  for (auto const reason : end_reason_names)
    EXPECT_EQ(metrics.values.at("pushlab_connections_ended_total{reason=\"" + std::string{reason} +
                                "\"}"),
              "0");
}

TEST(MetricsText, names_counters_total_and_gauges_not) {
  Metrics const metrics{metrics_text("x", {}, 0)};
  for (auto const& [name, type] : metrics.types)
    EXPECT_EQ(name.ends_with("_total"), type == "counter") << name;
}

}  // namespace
}  // namespace pushlab::server

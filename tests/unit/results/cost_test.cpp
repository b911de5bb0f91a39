#include "results/cost.hpp"

#include <gtest/gtest.h>

#include "results/read.hpp"
#include "results/summary.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;

json::object const example_prices{{"vcpu_hour", 0.036},
                                  {"gib_hour", 0.005},
                                  {"egress_gb", 0.1},
                                  {"utilisation", 0.5},
                                  {"ram_headroom", 0.7}};

json::object figure(double value, double lo, double hi) {
  return {{"value", value}, {"lo", lo}, {"hi", hi}};
}

// 10 us and 200 bytes a delivery, 10 and 8 KiB a connection, 2 deliveries a second and client.
json::object measured_result(double spread) {
  auto const about = [&](double v) { return figure(v, v / (1 + spread), v * (1 + spread)); };
  json::object const figures{{"server_cpu_us_per_delivery", about(10)},
                             {"wire_bytes_per_delivery", about(200)},
                             {"memory_kib_per_connection", about(10)},
                             {"kernel_kib_per_connection", about(8)},
                             {"setup_cpu_us", about(60)},
                             {"setup_tls_cpu_us", about(900)}};
  return {{"scenario", json::object{{"rate", 4.0}, {"names", 2}, {"subscriptions", 1}}},
          {"targets",
           json::array{json::object{{"id", "sse"}, {"title", "SSE"}, {"figures", figures}}}}};
}

double value(json::object const& entry, char const* path) {
  return number_at(entry, path).value_or(-1);
}

TEST(CostLedger, multiplies_by_hand_checked_prices) {
  json::array const ledger = cost_ledger(measured_result(0), example_prices);
  json::object const& sse = ledger.at(0).as_object();
  // 1e9 * 10 us = 10 000 core-s, at half use 20 000: 5.5556 core-h; 200 GB.
  EXPECT_NEAR(value(sse, "usd_per_billion_deliveries.value"), 5.5556 * 0.036 + 20, 1e-3);
  // 1e6 * 2 * 10 us = 20 cores, at half use 40; 14 GB KiB = 13.351 GiB / 0.7; 2e6/s * 200 B.
  EXPECT_NEAR(value(sse, "usd_per_million_users_month.parts.cpu"), 40 * 730 * 0.036, 1e-6);
  EXPECT_NEAR(value(sse, "usd_per_million_users_month.parts.memory"),
              14e6 / 1048576 / 0.7 * 0.005 * 730, 1e-6);
  EXPECT_NEAR(value(sse, "usd_per_million_users_month.parts.traffic"),
              2e6 * 3600 * 730 * 200e-9 * 0.1, 1e-3);
  EXPECT_EQ(value(sse, "usd_per_million_users_month.lo"),
            value(sse, "usd_per_million_users_month.value"));
  EXPECT_EQ(value(sse, "cpu_us_per_delivery.value"), 10);
  EXPECT_EQ(value(sse, "setup_cpu_us.value"), 60);
  EXPECT_EQ(value(sse, "setup_tls_cpu_us.value"), 900);
}

TEST(CostLedger, carries_the_figures_intervals_into_the_money) {
  json::object const result = measured_result(0.1);
  json::object const sse = cost_ledger(result, example_prices).at(0).as_object();
  double const middle = value(sse, "usd_per_billion_deliveries.value");
  // Almost all of it is traffic, with a 95 % interval of 10 % to both sides.
  EXPECT_NEAR(value(sse, "usd_per_billion_deliveries.lo"), middle / 1.1, 0.01 * middle);
  EXPECT_NEAR(value(sse, "usd_per_billion_deliveries.hi"), middle * 1.1, 0.01 * middle);
  EXPECT_EQ(cost_ledger(result, example_prices).at(0), json::value(sse));  // a fixed seed
}

TEST(CostLedger, has_no_upper_end_where_a_figure_has_none) {
  json::object result = measured_result(0.1);
  auto& figures = result["targets"].at(0).at("figures").as_object();
  figures["kernel_kib_per_connection"].as_object()["hi"] = nullptr;
  json::object const sse = cost_ledger(result, example_prices).at(0).as_object();
  EXPECT_TRUE(sse.at("usd_per_million_users_month").at("hi").is_null());
  EXPECT_TRUE(sse.at("usd_per_billion_deliveries").at("hi").is_number());  // without memory
}

TEST(CostLedger, says_what_is_missing_instead_of_a_price) {
  json::object result = measured_result(0.1);
  result["targets"].at(0).at("figures").as_object()["server_cpu_us_per_delivery"] =
      json::object{{"value", nullptr}, {"lo", nullptr}, {"hi", nullptr}};
  json::array const ledger = cost_ledger(result, example_prices);
  json::object const& money = object_at(ledger.at(0).as_object(), "usd_per_million_users_month");
  EXPECT_TRUE(money.at("value").is_null());
  EXPECT_EQ(money.at("remark"), "not measured: Server CPU per delivery");
}

TEST(CostLedger, takes_the_applications_bytes_where_the_wire_was_not_measured) {
  json::object result = measured_result(0);
  auto& figures = result["targets"].at(0).at("figures").as_object();
  figures["bytes_per_delivery"] = figures["wire_bytes_per_delivery"];
  figures.erase("wire_bytes_per_delivery");
  json::array const ledger = cost_ledger(result, example_prices);
  EXPECT_NEAR(value(ledger.at(0).as_object(), "usd_per_billion_deliveries.value"), 20.2, 1e-3);
}

TEST(CostLedger, has_every_member_for_every_target_of_a_summarised_result) {
  json::object result = sample::result({20, 20, 2, 10, 0.08, 1}, sample::five_targets());
  summarise(result);
  json::array const ledger = cost_ledger(result, example_prices);
  ASSERT_EQ(ledger.size(), 5U);
  for (json::value const& entry : ledger) {
    for (char const* name :
         {"cpu_us_per_delivery", "syscalls_per_delivery", "wire_bytes_per_delivery", "memory_kib",
          "kernel_kib", "setup_ms", "useless_per_client_hour", "usd_per_million_users_month",
          "usd_per_billion_deliveries"})
      EXPECT_TRUE(number_at(object_at(entry.as_object(), name), "value")) << name;
  }
}

TEST(CostLedger, refuses_prices_that_are_not_whole) {
  json::object prices = example_prices;
  prices.erase("gib_hour");
  EXPECT_THROW(cost_ledger(measured_result(0), prices), ResultError);
}

}  // namespace
}  // namespace pushlab::results

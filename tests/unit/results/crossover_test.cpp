#include "results/crossover.hpp"

#include <gtest/gtest.h>

#include "results/crossing.hpp"
#include "results/read.hpp"
#include "tests/unit/results/decision_fixture.hpp"

namespace pushlab::results {
namespace {

using sample::decision;
using sample::experiment;
using sample::Shown;
namespace json = boost::json;

Curve curve(std::vector<std::pair<double, double>> const& points, double spread = 0.01) {
  Curve found;
  for (auto const& [x, y] : points) found.push_back({x, {y, y * (1 - spread), y * (1 + spread)}});
  return found;
}

TEST(Crossing, lies_between_the_points_on_straight_lines_in_the_logarithms) {
  // a = 100 / x and b = 10 meet at 10.
  auto const found =
      crossing(curve({{1, 100}, {5, 20}, {40, 2.5}}), curve({{1, 10}, {5, 10}, {40, 10}}));
  EXPECT_NEAR(*found.x, 10, 1e-9);
  EXPECT_TRUE(found.falls);
  EXPECT_GT(*found.lo, 9.7);
  EXPECT_LT(*found.lo, 10);
  EXPECT_GT(*found.hi, 10);
  EXPECT_LT(*found.hi, 10.3);
  EXPECT_NEAR(found.share, 1, 1e-9);
}

TEST(Crossing, has_a_wider_interval_for_wider_figures) {
  auto const a = curve({{1, 100}, {100, 1}}, 0.2);
  auto const found = crossing(a, curve({{1, 10}, {100, 10}}, 0.2));
  EXPECT_LT(*found.lo, 9);
  EXPECT_GT(*found.hi, 11);
}

TEST(Crossing, draws_a_figure_once_for_all_points_that_stand_for_it) {
  // a = 10 / x, known; b = 9 to 11 at every point, and so the crossing 10/11 to 10/9.
  Curve a, b;
  int const stream = 0;
  for (double const x : {0.6, 0.8, 0.92, 1.08, 1.2, 1.4}) {
    a.push_back({x, {10 / x, 10 / x, 10 / x}});
    b.push_back({x, {10, 9, 11}, &stream});
  }
  auto const found = crossing(a, b);
  EXPECT_NEAR(*found.lo, 10 / 11.0, 0.01);
  EXPECT_NEAR(*found.hi, 10 / 9.0, 0.01);
}

TEST(Crossing, is_never_extrapolated) {
  auto const above = crossing(curve({{1, 100}, {5, 20}}), curve({{1, 10}, {5, 10}}));
  EXPECT_FALSE(above.x || above.lo || above.hi);
  EXPECT_FALSE(above.falls);
  auto const below = crossing(curve({{1, 5}, {5, 1}}), curve({{1, 10}, {5, 10}}));
  EXPECT_FALSE(below.x);
  EXPECT_TRUE(below.falls);
}

TEST(Crossing, has_an_open_end_where_the_interval_leaves_the_measured_range) {
  // The last point is hardly below: many draws do not cross at all.
  auto const found = crossing(curve({{1, 20}, {10, 9.9}}, 0.1), curve({{1, 10}, {10, 10}}, 0.1));
  EXPECT_TRUE(found.x);
  EXPECT_TRUE(found.lo);
  EXPECT_FALSE(found.hi);
  EXPECT_LT(found.share, 0.9);
}

TEST(Crossing, may_rise) {
  auto const found = crossing(curve({{1, 1}, {100, 100}}), curve({{1, 10}, {100, 10}}));
  EXPECT_NEAR(*found.x, 10, 1e-9);
  EXPECT_FALSE(found.falls);
}

// One event a second; a poll costs 400 bytes and 20 µs whatever it brings, an event on the stream
// 100 bytes and 5 µs.
std::vector<Shown> polling(std::vector<double> const& intervals) {
  std::vector<Shown> shown{
      {"sse", "sse", {{"bytes_per_delivery", 100}, {"server_cpu_us_per_delivery", 5}}}};
  for (double const interval : intervals)
    shown.push_back(
        {"short-poll@" + std::to_string(interval),
         "short-poll",
         {{"bytes_per_delivery", 400 / interval}, {"server_cpu_us_per_delivery", 20 / interval}},
         0.01,
         json::object{{"poll_interval_s", interval}}});
  return shown;
}

json::object crossover(json::array const& all, std::string_view id) {
  for (auto const& value : all)
    if (value.at("id").as_string() == id) return value.as_object();
  ADD_FAILURE() << "no crossover " << id;
  return {};
}

TEST(Crossovers, finds_the_events_per_interval_from_which_polling_is_cheaper) {
  auto const all = crossovers(decision({experiment({"poll-rate", 1}, polling({1, 2, 8, 16}))}));
  auto const bytes = crossover(all, "poll-bytes");
  EXPECT_NEAR(*number_at(bytes, "x"), 4, 1e-9);
  EXPECT_EQ(text_at(bytes, "y_unit"), "bytes per delivery");
  EXPECT_TRUE(text_at(bytes, "sentence")
                  .starts_with("Polling costs fewer bytes per delivery than SSE above 4.00 events "
                               "per polling interval (95 % interval 3.9"))
      << text_at(bytes, "sentence");
  EXPECT_TRUE(text_at(bytes, "sentence")
                  .ends_with("For pages that poll every 10 s that is an event every 2.50 s."));
  EXPECT_NEAR(*number_at(crossover(all, "poll-cpu"), "x"), 4, 1e-9);
  auto const& points = bytes.at("curves").at(0).at("points").as_array();
  ASSERT_EQ(points.size(), 4U);
  EXPECT_EQ(points[1], (json::array{2.0, 200.0}));
}

TEST(Crossovers, says_for_whom_polling_is_cheaper_in_events_per_user_and_hour) {
  auto const all = crossovers(decision({experiment({"poll-rate", 1}, polling({1, 2, 8, 16}))}));
  auto const audience = crossover(all, "poll-user-hour");
  EXPECT_NEAR(*number_at(audience, "x"), 4 * 360, 1e-6);
  // 360 polls an hour of 20 µs each, and 360 events of 5 µs at one event per poll.
  EXPECT_NEAR(audience.at("curves").at(0).at("points").at(0).at(1).as_double(), 7.2, 1e-9);
  EXPECT_NEAR(audience.at("curves").at(1).at("points").at(0).at(1).as_double(), 1.8, 1e-9);
}

TEST(Crossovers, multiplies_no_cost_where_a_quiet_stream_would_send_heartbeats) {
  auto const all = crossovers(decision({experiment({"poll-rate", 1}, polling({0.1, 0.5, 2, 8}))}));
  auto const audience = crossover(all, "poll-user-hour");
  auto const& points = audience.at("curves").at(1).at("points").as_array();
  ASSERT_EQ(points.size(), 2U);
  EXPECT_NEAR(points[0].at(0).as_double(), 720, 1e-9);
  EXPECT_NE(text_at(audience, "sentence").find("times the deliveries of an hour"),
            std::string::npos);
}

TEST(Crossovers, speaks_of_the_measured_range_only) {
  auto const all = crossovers(decision({experiment({"poll-rate", 1}, polling({1, 2}))}));
  auto const bytes = crossover(all, "poll-bytes");
  EXPECT_TRUE(bytes.at("x").is_null());
  EXPECT_EQ(
      text_at(bytes, "sentence"),
      "Polling costs more bytes per delivery than SSE everywhere from 1.00 to 2.00 events per "
      "polling interval; nothing is said beyond.");
}

TEST(Crossovers, leaves_out_what_was_not_measured_validly) {
  auto shown = polling({1, 2, 8});
  shown[3].valid = false;
  auto const all = crossovers(decision({experiment({"poll-rate", 1}, shown)}));
  EXPECT_EQ(crossover(all, "poll-bytes").at("curves").at(0).at("points").as_array().size(), 2U);
  shown[0].valid = false;
  EXPECT_TRUE(crossovers(decision({experiment({"poll-rate", 1}, shown)})).empty());
}

TEST(Crossovers, finds_the_payload_from_which_refresh_events_are_cheaper_on_the_wire) {
  // Two of ten look: 100 bytes of event and 0.2 (300 + payload) of GETs against 50 + payload.
  std::vector<json::object> experiments;
  for (double const payload : {50.0, 100.0, 150.0, 1000.0}) {
    Shown refresh{
        "sse@refresh",
        "sse",
        {{"wire_bytes_per_delivery", 160 + 0.2 * payload}, {"requests_per_delivery", 0.2}}};
    refresh.options["server_args"] = json::array{"--payload", "refresh"};
    Shown const data{"sse", "sse", {{"wire_bytes_per_delivery", 50 + payload}}};
    experiments.push_back(
        experiment({"refresh-" + std::to_string(payload), 1, payload}, {data, refresh}));
  }
  auto const all = crossovers(decision(experiments));
  auto const found = crossover(all, "refresh-sse@refresh");
  EXPECT_NEAR(*number_at(found, "x"), 137.5, 1);  // where 160 + 0.2 p = 50 + p
  EXPECT_NE(text_at(found, "question").find("(0.20 requests per event)"), std::string::npos);
  EXPECT_EQ(found.at("curves").at(0).at("points").as_array().size(), 4U);
}

TEST(Crossovers, are_none_where_no_such_experiment_was_run) {
  EXPECT_TRUE(crossovers(decision({experiment({}, polling({1, 2, 8}))})).empty());
}

}  // namespace
}  // namespace pushlab::results

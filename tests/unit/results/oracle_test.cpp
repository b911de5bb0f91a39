#include "results/oracle.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "results/histogram.hpp"
#include "results/read.hpp"
#include "results/summary.hpp"
#include "tests/unit/results/sample_result.hpp"
#include "tests/unit/results/simulated_polling.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;
using sample::Polling;
using sample::Recorder;

json::array checks(Polling const& polling, Recorder recorder = Recorder::faultless) {
  json::object result = sample::polled(polling, recorder);
  summarise(result);
  return array_at(result.at("oracles").at(0).as_object(), "checks");
}

json::object check(Polling const& polling, std::string_view name,
                   Recorder recorder = Recorder::faultless) {
  for (json::value const& one : checks(polling, recorder)) {
    if (text_at(one.as_object(), "oracle") == name) return one.as_object();
  }
  ADD_FAILURE() << "no check " << name;
  return {};
}

double number(json::object const& check, char const* name) {
  return number_at(check, name).value_or(std::nan(""));
}

TEST(Oracle, agrees_with_polling_played_event_by_event_at_twenty_points) {
  int inside = 0;
  int all = 0;
  for (double poll_s : {0.1, 0.5, 1.0, 5.0}) {
    for (double load : {0.1, 0.3, 0.8, 1.5, 3.0}) {
      Polling polling;
      polling.poll_s = poll_s;
      polling.event_s = poll_s / load;
      polling.seed = static_cast<std::uint64_t>(100 * poll_s + 10 * load);
      for (json::value const& value : checks(polling)) {
        json::object const& one = value.as_object();
        EXPECT_NEAR(number(one, "value"), number(one, "expected"),
                    0.1 * number(one, "expected") + 0.06)
            << poll_s << ' ' << load << ' ' << one;
        inside += text_at(one, "verdict") == "inside";
        ++all;
      }
    }
  }
  EXPECT_EQ(all, 60);
  EXPECT_GE(inside, 56) << "of 60";  // 95 % intervals: 3 outside are to be expected
}

TEST(Oracle, knows_evenly_spaced_events_too) {
  for (double poll_s : {0.1, 1.0}) {
    Polling polling;
    polling.poisson = false;
    polling.poll_s = poll_s;
    polling.event_s = 36.3 * poll_s;
    json::object const useless = check(polling, "useless_per_event_fixed");
    EXPECT_NEAR(number(useless, "value"), 35.3, 0.3);
    EXPECT_NEAR(number(useless, "expected"), 35.3, 1e-9);
    json::object const share = check(polling, "useless_share");
    EXPECT_NEAR(number(share, "value"), number(share, "expected"), 0.002);
    json::object const stale = check(polling, "stale_share");
    EXPECT_NEAR(number(stale, "value"), number(stale, "expected"),
                0.03 * number(stale, "expected"));
    polling.event_s = poll_s / 3.1;
    json::object const often = check(polling, "stale_share");
    EXPECT_NEAR(number(often, "value"), number(often, "expected"), 0.01);
  }
}

TEST(Oracle, catches_a_recorder_that_counts_from_the_send) {
  Polling late;
  late.lag_s = 0.15;  // a stalled load generator
  EXPECT_EQ(check(late, "poll_mean_freshness_ms").at("verdict"), "inside");
  EXPECT_EQ(check(late, "poll_mean_freshness_ms", Recorder::from_send).at("verdict"), "outside");
}

TEST(Oracle, catches_a_recorder_that_counts_from_the_request) {
  EXPECT_EQ(check({}, "poll_mean_freshness_ms", Recorder::from_request).at("verdict"), "outside");
  json::object result = sample::polled({}, Recorder::from_request);
  summarise(result);
  EXPECT_FALSE(result.at("oracles").at(0).at("reproduced").as_bool());
}

TEST(Oracle, blames_nobody_by_a_handful_of_events) {
  Polling few;
  few.events = 3;
  EXPECT_EQ(check(few, "poll_mean_freshness_ms", Recorder::from_request).at("verdict"),
            "few events");
  few.events = 6;  // in each of five repetitions
  EXPECT_EQ(check(few, "poll_mean_freshness_ms", Recorder::from_request).at("verdict"), "outside");
}

TEST(Oracle, catches_a_counter_that_misses_useless_requests) {
  json::object result = sample::polled({});
  for (json::value& repetition : result["targets"].at(0).at("repetitions").as_array()) {
    auto& useless = repetition.at("useless_requests");
    useless = useless.to_number<std::int64_t>() * 7 / 10;
  }
  summarise(result);
  EXPECT_FALSE(result.at("oracles").at(0).at("reproduced").as_bool());
}

TEST(Oracle, has_nothing_to_say_of_streams_and_of_bursts) {
  json::object const stream{{"strategy", "sse"}, {"options", json::object{}}};
  json::object const poll{{"strategy", "short-poll"},
                          {"options", json::object{{"poll_interval_s", 1.0}}}};
  json::object const poisson{{"arrivals", "poisson"}, {"rate", 1.0}};
  json::object const bursts{{"arrivals", "bursts"}, {"rate", 1.0}};
  EXPECT_FALSE(oracle("useless_share", poisson, stream));
  EXPECT_FALSE(oracle("useless_share", bursts, poll));
  EXPECT_FALSE(oracle("speed", poisson, poll));
  EXPECT_NEAR(*oracle("useless_share", poisson, poll), std::exp(-1), 1e-12);
}

TEST(Oracle, takes_the_rate_that_a_random_schedule_had) {
  json::object result = sample::polled({});
  json::object& target = result.at("targets").at(0).as_object();
  double events = 0;
  double measured_s = 0;
  for (json::value const& repetition : target.at("repetitions").as_array()) {
    events += static_cast<double>(repetition.at("event_rows").at("rows").as_array().size());
    measured_s += repetition.at("measured_s").to_number<double>();
  }
  json::object scenario = result.at("scenario").as_object();
  scenario["rate"] = 12345.0;  // what was asked for
  double const poll_s = target.at("options").at("poll_interval_s").to_number<double>();
  EXPECT_NEAR(*oracle("useless_share", scenario, target), std::exp(-events / measured_s * poll_s),
              1e-12);
  scenario["arrivals"] = "fixed";
  EXPECT_EQ(*oracle("useless_share", scenario, target), 0);
}

TEST(Oracle, counts_the_events_of_one_client) {
  json::object const poll{{"strategy", "short-poll"},
                          {"options", json::object{{"poll_interval_s", 1.0}}}};
  json::object scenario{
      {"arrivals", "poisson"}, {"rate", 10.0}, {"names", 5}, {"subscriptions", 2}};
  EXPECT_NEAR(*oracle("useless_share", scenario, poll), std::exp(-4), 1e-12);
  scenario["arrivals"] = "fixed";
  EXPECT_FALSE(oracle("useless_share", scenario, poll));  // 2 of 5 names are not evenly spaced
}

}  // namespace
}  // namespace pushlab::results

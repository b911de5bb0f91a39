// Arrivals that are neither even nor Poisson, and what clients do meanwhile.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "loadgen/schedule/arrival_plan.hpp"
#include "loadgen/schedule/sessions.hpp"
#include "loadgen/schedule/trace.hpp"

namespace pushlab::loadgen {
namespace {

LoadPlan plan_of(Arrivals arrivals, double rate, double measure_s) {
  LoadPlan plan;
  plan.arrivals = arrivals;
  plan.rate = rate;
  plan.warmup_s = 1;
  plan.measure_s = measure_s;
  plan.seed = 42;
  return plan;
}

// Kolmogorov-Smirnov: whether the values may come from the distribution, p > 0.01.
template <class Distribution>
bool may_be(std::vector<double> values, Distribution below) {
  std::ranges::sort(values);
  auto const n = double(values.size());
  double distance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto const theory = below(values[i]);
    distance = std::max(
        {distance, std::abs(theory - double(i) / n), std::abs(theory - double(i + 1) / n)});
  }
  return distance * std::sqrt(n) < 1.63;
}

double exponential(double x) {
  return 1 - std::exp(-x);
}

// The gaps, each in events that were to be expected in it: exponential when the rate was kept.
template <class Expected>
std::vector<double> normed_gaps(std::vector<std::int64_t> const& times, Expected expected_until) {
  std::vector<double> gaps;
  double last = 0;
  for (auto const at : times) {
    auto const now = expected_until(at);
    gaps.push_back(now - last);
    last = now;
  }
  return gaps;
}

using Times = std::vector<std::int64_t>;

Times first_four(LoadPlan const& plan) {
  auto const times = compile_arrivals(plan).intended_ns;
  return {times.begin(), times.begin() + 4};
}

TEST(Irregular, is_the_same_to_the_nanosecond_for_the_same_seed) {
  EXPECT_EQ(first_four(plan_of(Arrivals::irregular, 10, 60)),
            (Times{618614133, 916963280, 3125618114, 3750869282}));
}

TEST(Irregular, is_poisson_at_the_rate_of_its_state) {
  auto plan = plan_of(Arrivals::irregular, 1000, 60);
  plan.irregular_cycle_s = 2;
  auto const arrivals = compile_arrivals(plan);
  auto const states = irregular_states(plan, arrivals.measure_end_ns);
  auto const gaps = normed_gaps(arrivals.intended_ns, [&](std::int64_t at) {
    double sum = 0;
    std::int64_t begin = 0;
    for (auto const& state : states) {
      auto const end = std::min(at, state.end_ns);
      if (end > begin) sum += double(end - begin) / 1e9 * state.rate;
      begin = state.end_ns;
    }
    return sum;
  });
  EXPECT_GT(gaps.size(), 10'000U);
  EXPECT_TRUE(may_be(gaps, exponential));
}

TEST(Irregular, has_quiet_and_busy_times_and_the_rate_in_the_long_run) {
  auto const plan = plan_of(Arrivals::irregular, 10, 0);
  auto const end = std::int64_t{1'000'000} * 1'000'000'000;
  auto const states = irregular_states(plan, end);
  std::vector<double> quiet;
  std::vector<double> busy;
  double events = 0;
  std::int64_t begin = 0;
  for (auto const& state : states) {
    auto const length_s = double(state.end_ns - begin) / 1e9;
    (state.rate < plan.rate ? quiet : busy).push_back(length_s / (state.rate < 10 ? 30 : 2));
    events += length_s * state.rate;
    begin = state.end_ns;
  }
  EXPECT_NEAR(events / (double(begin) / 1e9), 10, 0.3);
  EXPECT_NEAR(states[0].rate / states[1].rate, states[0].rate < 10 ? 0.01 : 100, 1e-9);
  EXPECT_TRUE(may_be(quiet, exponential));
  EXPECT_TRUE(may_be(busy, exponential));
}

TEST(Flash, is_the_same_to_the_nanosecond_for_the_same_seed) {
  EXPECT_EQ(first_four(plan_of(Arrivals::flash, 10, 60)),
            (Times{54072639, 142497569, 157894820, 396707023}));
}

TEST(Flash, comes_at_once_and_decays_exponentially) {
  auto plan = plan_of(Arrivals::flash, 500, 30);
  plan.flash_at_s = 10;  // 11 s after the start of the warm-up
  plan.flash_s = 3;
  plan.flash_factor = 20;
  auto const times = compile_arrivals(plan).intended_ns;
  auto const gaps = normed_gaps(times, [](std::int64_t at) {
    auto const t = double(at) / 1e9;
    auto const crowd = t < 11 ? 0 : 19 * 3 * (1 - std::exp(-(t - 11) / 3));
    return 500 * (t + crowd);
  });
  EXPECT_TRUE(may_be(gaps, exponential));
  auto const count = [&](double from, double to) {
    return std::ranges::count_if(
        times, [&](std::int64_t at) { return double(at) >= from * 1e9 && double(at) < to * 1e9; });
  };
  EXPECT_NEAR(double(count(0, 11)), 5500, 5 * std::sqrt(5500));
  EXPECT_GT(count(11, 11.5), 9 * count(10, 11));
}

Trace trace_of(std::string_view text) {
  LoadPlan plan;
  plan.names = 4;
  return parse_trace(text, "x.ndjson", plan);
}

std::string problem_of_trace(std::string_view text) {
  try {
    trace_of(text);
  } catch (BadTrace const& error) {
    return error.what();
  }
  return {};
}

TEST(TraceFile, reads_times_names_and_sizes_and_ignores_the_rest) {
  auto const trace =
      trace_of("{\"t\":5,\"name\":\"t3\",\"user\":7}\r\n\n{\"t\":6.5,\"bytes\":200}\n{\"t\":7}");
  ASSERT_EQ(trace.lines.size(), 3U);
  EXPECT_EQ(trace.lines[0].at_s, 0);
  EXPECT_EQ(trace.lines[0].name, 3U);
  EXPECT_FALSE(trace.lines[0].bytes);
  EXPECT_EQ(trace.lines[1].at_s, 1.5);
  EXPECT_EQ(trace.lines[1].bytes, 200U);
  EXPECT_EQ(trace.period_s, 3);
  EXPECT_EQ(trace.rate(), 1);
}

TEST(TraceFile, says_where_a_line_is_wrong_and_how_to_mend_it) {
  EXPECT_EQ(problem_of_trace("{\"t\":1}\n{\"t\":2,\"name\":\"t4\"}"),
            "x.ndjson:2: name is \"t4\", not one of t0 to t3: mend it or raise names");
  EXPECT_TRUE(problem_of_trace("{\"t\":1}\n\nnonsense").starts_with("x.ndjson:3: not a JSON"));
  EXPECT_TRUE(problem_of_trace("[1]").starts_with("x.ndjson:1: not a JSON"));
  EXPECT_TRUE(problem_of_trace("{\"x\":1}").starts_with("x.ndjson:1: t is missing"));
  EXPECT_TRUE(problem_of_trace("{\"t\":2}\n{\"t\":1}").starts_with("x.ndjson:2: t is smaller"));
  EXPECT_TRUE(problem_of_trace("{\"t\":2,\"bytes\":9}").starts_with("x.ndjson:1: bytes is 9"));
  EXPECT_NE(problem_of_trace("{\"t\":2}\n{\"t\":2}").find("two different times"),
            std::string::npos);
  EXPECT_NE(problem_of_trace("").find("two different times"), std::string::npos);
}

TEST(TraceFile, is_replayed_over_and_over_at_its_speed) {
  auto plan = plan_of(Arrivals::trace, 1, 4);
  plan.warmup_s = 0;
  plan.names = 8;
  plan.trace = TRACE;
  plan.trace_speed = 100;
  auto const trace = read_trace(plan.trace, plan);
  auto const arrivals = compile_arrivals(plan);
  auto const& times = arrivals.intended_ns;
  auto const period = std::llround(trace.period_s * 1e9 / 100);
  ASSERT_GT(times.size(), 2 * trace.lines.size());
  EXPECT_TRUE(std::ranges::is_sorted(times));
  for (std::size_t i = 0; i + trace.lines.size() < times.size(); ++i) {
    EXPECT_NEAR(double(times[i + trace.lines.size()] - times[i]), double(period), 1);
  }
  EXPECT_NEAR(double(times.size()), 4 * trace.rate(), double(trace.lines.size()));
  EXPECT_EQ(arrivals.name_of(0), *trace.lines[0].name);
  EXPECT_EQ(arrivals.bytes[0], *trace.lines[0].bytes);
}

LoadPlan churning(double session_s) {
  LoadPlan plan;
  plan.churn_session_s = session_s;
  plan.churn_pause_s = 0.5;
  return plan;
}

TEST(Sessions, are_the_same_to_the_nanosecond_for_the_same_seed) {
  auto const absences = absences_of(churning(1), 7, 60'000'000'000);
  ASSERT_GE(absences.size(), 2U);
  EXPECT_EQ((Times{absences[0].begin_ns, absences[0].end_ns, absences[1].begin_ns}),
            (Times{1925896851, 2425896851, 6536508636}));
}

TEST(Sessions, are_log_normal_between_pauses) {
  std::vector<double> normed;
  for (std::uint64_t client = 0; client < 500; ++client) {
    auto const absences = absences_of(churning(4), client, 1'000'000'000'000);
    // The first twenty: a whole list would hold fewer long sessions than there are.
    for (std::size_t i = 0; i + 1 < std::min<std::size_t>(absences.size(), 21); ++i) {
      EXPECT_EQ(absences[i].end_ns - absences[i].begin_ns, 500'000'000);
      auto const length_s = double(absences[i + 1].begin_ns - absences[i].end_ns) / 1e9;
      normed.push_back(std::log(length_s / 4) / 1.5);
    }
  }
  EXPECT_NEAR(double(normed.size()), 10'000, 500);
  EXPECT_TRUE(may_be(normed, [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }));
}

// Clients neither start in step nor grow old: as many leave in the first second as in any other.
TEST(Sessions, end_at_the_same_rate_from_the_start) {
  std::vector<double> ends;
  for (std::uint64_t client = 0; client < 4000; ++client) {
    for (auto const& absence : absences_of(churning(4), client, 20'000'000'000))
      ends.push_back(double(absence.begin_ns) / 20e9);
  }
  auto const mean_s = 4 * std::exp(1.5 * 1.5 / 2) + 0.5;
  EXPECT_NEAR(double(ends.size()), 4000 * 20 / mean_s, 0.06 * 4000 * 20 / mean_s);
  EXPECT_NEAR(double(std::ranges::count_if(ends, [](double x) { return x < 0.25; })),
              double(ends.size()) / 4, 0.05 * double(ends.size()));
}

TEST(PairedArrivals, give_each_side_one_event_a_pair_half_a_period_from_the_other) {
  auto plan = plan_of(Arrivals::paired, 50, 10);
  auto const base = compile_arrivals(plan).intended_ns;
  plan.pair_side = 1;
  auto const head = compile_arrivals(plan).intended_ns;
  ASSERT_EQ(base.size(), 550U);
  ASSERT_EQ(head.size(), 550U);
  int head_first = 0;
  for (std::size_t pair = 0; pair < base.size(); ++pair) {
    EXPECT_EQ(std::abs(head[pair] - base[pair]), 10'000'000) << pair;
    EXPECT_EQ(base[pair] / 20'000'000, std::int64_t(pair));
    EXPECT_EQ(head[pair] / 20'000'000, std::int64_t(pair));
    head_first += head[pair] < base[pair];
  }
  EXPECT_NEAR(head_first, 275, 60);  // five standard deviations
}

TEST(PairedArrivals, give_both_sides_the_same_irregular_events_half_a_cycle_apart) {
  auto plan = plan_of(Arrivals::irregular, 50, 10);
  plan.irregular_cycle_s = 2;
  auto const alone = compile_arrivals(plan);
  plan.arrivals = Arrivals::paired_irregular;
  EXPECT_EQ(compile_arrivals(plan).intended_ns, alone.intended_ns);
  plan.pair_side = 1;
  auto const other = compile_arrivals(plan);
  EXPECT_TRUE(std::ranges::is_sorted(other.intended_ns));
  std::vector<std::int64_t> back;
  auto const begin = alone.measure_begin_ns;
  auto const all = alone.measure_end_ns - begin;
  auto const warm_up_shift = std::min<std::int64_t>(1'000'000'000, begin / 2);
  for (auto const at : other.intended_ns)
    back.push_back(at < begin ? (at + begin - warm_up_shift) % begin
                              : begin + (at - begin + all - 1'000'000'000) % all);
  std::ranges::sort(back);
  EXPECT_EQ(back, alone.intended_ns);
}

TEST(PairedArrivals, never_lay_irregular_events_of_both_sides_on_each_other) {
  auto plan = plan_of(Arrivals::paired_irregular, 50, 2);
  plan.irregular_cycle_s = 4;  // half of it is the whole measurement
  auto const one = compile_arrivals(plan).intended_ns;
  plan.pair_side = 1;
  EXPECT_NE(compile_arrivals(plan).intended_ns, one);
}

}  // namespace
}  // namespace pushlab::loadgen

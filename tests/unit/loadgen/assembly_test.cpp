#include "loadgen/worker/assembly.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <new>

#include "loadgen/recorder/shared_memory.hpp"

namespace pushlab::loadgen {
namespace {

constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t start = 1'000'000 * ms;

// Ten events, one each 100 ms, to one client; all delivered 2 ms after they were meant to leave.
class TenEvents {
 public:
  explicit TenEvents(double disrupt_at_s) {
    plan_.clients = 1;
    plan_.rate = 10;
    plan_.arrivals = Arrivals::fixed;
    plan_.warmup_s = 0;
    plan_.measure_s = 1;
    plan_.disrupt_at_s = disrupt_at_s;
    arrivals_ = compile_arrivals(plan_);
    report_.measured_ns = 1000 * ms;
    for (std::size_t i = 0; i < arrivals_.intended_ns.size(); ++i) {
      report_.latency.record(2 * ms);
      EventTrace trace;
      trace.delivered = 1;
      report_.traces.push_back(trace);
    }
  }

  void recovered_after(std::int64_t ns) { report_.recovery.after_ns = {ns}; }
  void late(std::size_t event, std::int64_t lag_ns) { lags_.emplace_back(event, lag_ns); }

  SelfCheck check(std::string_view name) const {  // with no name when there is none
    Subscriptions const subscriptions(plan_);
    Audience const audience(plan_, arrivals_, subscriptions);
    EventLog log(arrivals_.intended_ns.size());
    for (std::size_t i = 0; i < log.size(); ++i) {
      log[i].intended = start + arrivals_.intended_ns[i];
      log[i].sent = log[i].intended.load();
      log[i].answered = log[i].sent + ms;
    }
    for (auto const& [event, lag_ns] : lags_) log[event].sent = log[event].intended + lag_ns;
    SharedMemory memory(sizeof(Board));
    auto& board = *new (memory.data()) Board{};
    board.start_ns = start;
    board.measure_end_ns = start + 1000 * ms;
    auto const all = assemble({plan_, arrivals_, subscriptions, audience, 1}, board, log, {report_})
                         .generator.checks;
    auto const found = std::ranges::find(all, name, &SelfCheck::check);
    return found == all.end() ? SelfCheck() : *found;
  }

 private:
  LoadPlan plan_;
  ArrivalPlan arrivals_;
  WorkerReport report_;
  std::vector<std::pair<std::size_t, std::int64_t>> lags_;
};

TEST(Assembly, blames_an_event_that_left_late) {
  TenEvents run(-1);
  run.late(5, 12 * ms);
  EXPECT_EQ(run.check("lag").verdict, Verdict::invalid);
  EXPECT_EQ(run.check("recovery_lag").check, "");
}

TEST(Assembly, compares_an_event_that_left_late_while_clients_came_back_with_how_long_they_took) {
  TenEvents run(0.3);
  run.recovered_after(400 * ms);
  run.late(5, 12 * ms);
  EXPECT_EQ(run.check("lag").verdict, Verdict::ok);
  EXPECT_EQ(run.check("recovery_lag").verdict, Verdict::ok);
  EXPECT_DOUBLE_EQ(run.check("recovery_lag").value, 12);
  run.late(6, 90 * ms);
  EXPECT_EQ(run.check("recovery_lag").verdict, Verdict::invalid);
}

TEST(Assembly, blames_an_event_that_left_late_before_a_disruption_or_after_all_were_back) {
  for (std::size_t const event : {1U, 8U}) {
    TenEvents run(0.3);
    run.recovered_after(400 * ms);
    run.late(event, 12 * ms);
    EXPECT_EQ(run.check("lag").verdict, Verdict::invalid) << event;
  }
}

}  // namespace
}  // namespace pushlab::loadgen

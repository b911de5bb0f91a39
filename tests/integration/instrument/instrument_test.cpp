// The instrument proves itself before it judges anybody: a real server that goes wrong on purpose
// keeps its own ledger, and the load generator has to find the same figures.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "driver/target.hpp"
#include "driver/target_process.hpp"
#include "driver/temporary_folder.hpp"
#include "loadgen/load.hpp"

namespace {

using namespace pushlab;

loadgen::LoadPlan plan_of(unsigned clients, double rate, double measure_s) {
  loadgen::LoadPlan plan;
  plan.clients = clients;
  plan.rate = rate;
  plan.arrivals = loadgen::Arrivals::fixed;
  plan.warmup_s = 0;  // so that every event of the server's ledger is a measured one
  plan.measure_s = measure_s;
  plan.settle_s = 0.1;
  plan.drain_s = 1;
  return plan;
}

struct Found {
  loadgen::LoadResult load;
  boost::json::object ledger;  // what the server says it did
};

Found measure(std::string const& faults, loadgen::LoadPlan plan) {
  ::setenv("PUSHLAB_FAULTS", faults.c_str(), 1);
  driver::TemporaryFolder folder;
  auto const target = driver::parse_target(
      "title = \"faulty\"\nstrategy = \"sse\"\n[start]\ncommand = [\"" FAULTY_SERVER "\"]\n",
      "faulty.toml");
  driver::TargetProcess::Options options;
  options.folder = folder.path();
  options.log = folder.path() / "server.log";
  driver::TargetProcess server{target, options};
  plan.client_url = server.client_base() + "/events?events={events}";
  plan.ingest.url = server.ingest_base() + "/notify";
  loadgen::LoadObserver observer;
  Found found{loadgen::run_load(plan, observer), {}};
  EXPECT_TRUE(server.stop().ok());

  std::ifstream log{options.log};
  for (std::string line; std::getline(log, line);)
    if (line.find("dropped") != std::string::npos)
      found.ledger = boost::json::parse(line).as_object();
  EXPECT_EQ(found.load.connected, plan.clients);
  EXPECT_EQ(found.load.expected, found.load.delivered + found.load.lost);
  return found;
}

std::uint64_t count(Found const& found, char const* key) {
  return found.ledger.at(key).to_number<std::uint64_t>();
}

double ms(std::optional<double> ns) {
  return ns ? *ns / 1e6 : -1;
}

TEST(Instrument, finds_nothing_wrong_with_a_server_that_is_right) {
  auto const found = measure("", plan_of(50, 50, 1));
  EXPECT_EQ(found.load.expected, 50U * 50U);
  EXPECT_EQ(found.load.delivered, found.load.expected);
  EXPECT_EQ(found.load.duplicates, 0U);
  EXPECT_EQ(found.load.out_of_order, 0U);
}

TEST(Instrument, counts_each_dropped_delivery) {
  auto const found = measure("drop=97", plan_of(50, 50, 1));
  EXPECT_GT(count(found, "dropped"), 20U);
  EXPECT_EQ(found.load.lost, count(found, "dropped"));
  EXPECT_EQ(found.load.latency.undelivered(), found.load.lost);
}

TEST(Instrument, calls_the_highest_percentiles_infinite_when_deliveries_are_missing) {
  auto const found = measure("drop=20", plan_of(50, 50, 1));  // 5 % never come
  EXPECT_TRUE(found.load.latency.quantile(0.90).has_value());
  EXPECT_FALSE(found.load.latency.quantile(0.99).has_value());
}

TEST(Instrument, counts_each_duplicate) {
  auto const found = measure("duplicate=31", plan_of(50, 50, 1));
  EXPECT_GT(count(found, "duplicated"), 50U);
  EXPECT_EQ(found.load.duplicates, count(found, "duplicated"));
  EXPECT_EQ(found.load.lost, 0U);
}

TEST(Instrument, counts_each_delivery_that_is_overtaken) {
  // Slowly, so that each event is answered before the next leaves: else nothing orders the two.
  auto const found = measure("swap=10", plan_of(20, 25, 2.1));
  EXPECT_GT(count(found, "swapped"), 50U);
  EXPECT_EQ(found.load.out_of_order, count(found, "swapped"));
  EXPECT_EQ(found.load.duplicates, 0U);
  EXPECT_EQ(found.load.lost, 0U);
}

TEST(Instrument, measures_an_injected_delay) {
  // Both runs share whatever the machine is doing; the difference of their medians is the delay.
  auto const plain = measure("", plan_of(20, 50, 1));
  auto const delayed = measure("delay_ms=60", plan_of(20, 50, 1));
  auto const shift = ms(delayed.load.latency.median()) - ms(plain.load.latency.median());
  EXPECT_NEAR(shift, 60, 15);
}

// Coordinated omission: the server stands still for 400 ms in a second of 100 events. Under a
// schedule that waits for nobody, the 40 events of that time are late by 400 ms down to 0, and all
// of it is seen.
TEST(Instrument, sees_the_whole_of_a_stall) {
  auto const found = measure("stall_at=30 stall_ms=400", plan_of(20, 100, 1));
  EXPECT_EQ(found.load.lost, 0U);
  EXPECT_GE(ms(found.load.latency.quantile(1.0)), 395);
  EXPECT_GE(ms(found.load.latency.quantile(0.90)), 250);
  EXPECT_LT(ms(found.load.latency.quantile(0.50)), 100);
  // Spread evenly over the stall: about half of the late events are later than half of it.
  std::size_t late = 0, very_late = 0;
  for (auto const& row : found.load.event_rows) {
    if (row.p50_ns && *row.p50_ns > 40'000'000) ++late;
    if (row.p50_ns && *row.p50_ns > 220'000'000) ++very_late;
  }
  EXPECT_NEAR(static_cast<double>(late), 36, 8);
  EXPECT_NEAR(static_cast<double>(very_late), 18, 6);
}

}  // namespace

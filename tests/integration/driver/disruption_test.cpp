#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "program.hpp"

namespace pushlab::driver {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// One repetition of a short scenario with 50 clients; the folder holds nothing else.
json::object repetition_of(std::string const& target, std::string const& more) {
  TemporaryFolder const folder;
  auto const file = folder.path() / "some.toml";
  std::ofstream(file) << "title = \"some\"\ntargets = [\"" << target << "\"]\nclients = 50\n"
                      << "names = 2\narrivals = \"fixed\"\nrate = 50\nwarmup_s = 0.1\n"
                      << "measure_s = 1\ndrain_s = 6\n"
                      << more;
  auto const out = folder.path() / "out";
  auto const run =
      pushlab({"run", file.string(), "--allow-debug", "--out", out.string(), "--json"});
  EXPECT_NE(run.status.code, 2) << run.err;
  for (auto const& entry : fs::recursive_directory_iterator(out)) {
    if (entry.path().filename() != "result.json") continue;
    auto const result = json::parse(text_of(entry.path()));
    return result.at("targets").at(0).at("repetitions").at(0).as_object();
  }
  ADD_FAILURE() << run.err;
  return {};
}

class Disrupted : public testing::TestWithParam<char const*> {};

TEST_P(Disrupted, all_clients_come_back_and_what_was_accepted_is_accounted_for) {
  auto const kind = std::string(GetParam());
  auto const load = repetition_of(
      "sse", fmt::format("[disruption]\nkind = \"{}\"\nat_s = 0.3\ndown_s = 0.2\n", kind));
  ASSERT_TRUE(load.at("error").is_null()) << json::serialize(load.at("error"));
  auto const& recovery = load.at("recovery").as_object();
  SCOPED_TRACE(json::serialize(recovery));
  EXPECT_EQ(load.at("connected").to_number<int>(), 50);
  EXPECT_GE(load.at("disconnects").to_number<int>(), 50);
  EXPECT_GE(recovery.at("attempts").to_number<int>(), 50);
  ASSERT_TRUE(recovery.at("t100_ms").is_number());
  EXPECT_GT(recovery.at("t50_ms").to_number<double>(), 200);
  EXPECT_LE(recovery.at("t50_ms").to_number<double>(), recovery.at("t100_ms").to_number<double>());
  EXPECT_TRUE(recovery.at("down_ms").is_number());
  // Nothing vanishes: each event of the 50 was accepted, or is told as unaccepted.
  EXPECT_EQ(load.at("events").to_number<int>() + recovery.at("unaccepted_events").to_number<int>(),
            50);
  EXPECT_EQ(load.at("delivered").to_number<int>() + load.at("lost").to_number<int>(),
            load.at("expected").to_number<int>());
  EXPECT_GT(recovery.at("unaccepted_events").to_number<int>(), 0);
  EXPECT_EQ(load.at("disruption").at("kind").as_string(), kind);
  EXPECT_NEAR(load.at("disruption").at("at_s").to_number<double>(), 0.3, 0.2);
  EXPECT_EQ(load.at("disruption").at("exit").as_string(),
            kind == "kill" ? "killed by signal 9" : "exit status 0");
}

INSTANTIATE_TEST_SUITE_P(Run, Disrupted, testing::Values("kill", "drain"),
                         [](auto const& kind) { return std::string(kind.param); });

// The null server keeps nothing for who is away: it would lose what the others are asked to keep.
TEST(Run, measures_the_floor_undisturbed) {
  auto const load = repetition_of(
      "null",
      "churn_session_s = 0.2\nslow_readers = 0.2\n[disruption]\nkind = \"kill\"\nat_s = 0.3\n"
      "down_s = 0.2\n");
  ASSERT_TRUE(load.at("error").is_null()) << json::serialize(load.at("error"));
  EXPECT_EQ(load.at("events").to_number<int>(), 50);
  EXPECT_EQ(load.at("delivered").to_number<int>(), 50 * 25);
  EXPECT_EQ(load.at("disconnects").to_number<int>(), 0);
  for (auto const* part : {"recovery", "disruption", "sessions", "slow_readers"})
    EXPECT_FALSE(load.contains(part)) << part;
}

TEST(Run, puts_a_network_between_clients_and_server) {
  auto const load = repetition_of("sse", "[network]\ndelay_ms = 30\n");
  ASSERT_TRUE(load.at("error").is_null()) << json::serialize(load.at("error"));
  EXPECT_EQ(load.at("lost").to_number<int>(), 0);
  EXPECT_GT(load.at("latency_ms").at("p50").to_number<double>(), 30);
  EXPECT_GT(load.at("connect_ms").at("p50").to_number<double>(), 100) << "two round trips";
}

}  // namespace
}  // namespace pushlab::driver

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "program.hpp"

namespace pushlab::driver {
namespace {

namespace json = boost::json;

struct Counts {
  std::map<std::string, json::object> figures;
  double clients = 0;

  double of(std::string const& id) const {
    auto const& figure = figures.at(id);
    EXPECT_TRUE(figure.at("value").is_number()) << json::serialize(figure);
    return figure.at("value").is_number() ? figure.at("value").to_number<double>() : -1;
  }
  double an_event(std::string const& id) const { return of(id) * clients; }
  bool repeats(std::string const& id) const { return figures.at(id).at("repeats").as_bool(); }
};

Counts count(std::string const& target, std::vector<std::string> more = {}) {
  std::vector<std::string> words{"count", target, "--events", "40", "--json"};
  words.insert(words.end(), more.begin(), more.end());
  auto const run = pushlab(words);
  EXPECT_EQ(run.status.code, 0) << run.status.text() << run.err;
  Counts counts;
  if (run.status.code != 0) return counts;
  auto const object = json::parse(run.out).as_object();
  counts.clients = object.at("clients").to_number<double>();
  for (auto const& figure : object.at("counts").as_array())
    counts.figures[figure.at("id").as_string().c_str()] = figure.as_object();
  return counts;
}

constexpr char const* bytes = "bytes_per_delivery";
constexpr char const* writes = "writes_per_delivery";
constexpr char const* calls = "syscalls_per_delivery";
constexpr char const* allocations = "allocations_per_delivery";
constexpr char const* instructions = "instructions_per_delivery";

// The counters and sanitizers do not bear each other.
class Count : public testing::Test {
 protected:
  void SetUp() override {
    if (std::string_view(PUSHLAB_BUILD_TYPE) == "Sanitize") GTEST_SKIP();
  }
};

class CountOf : public Count, public testing::WithParamInterface<char const*> {};

TEST_P(CountOf, is_the_same_to_the_digit_for_each_strategy_of_ours) {
  auto const counts = count(GetParam());
  for (auto const* id : {bytes, writes, calls, allocations})
    EXPECT_TRUE(counts.repeats(id)) << json::serialize(counts.figures.at(id));
  // One for each client, and the answer to who published.
  EXPECT_NEAR(counts.an_event(writes), counts.clients + 1, 1e-9);
  EXPECT_GT(counts.of(bytes), 200);  // the payload
  EXPECT_GT(counts.of(calls), counts.of(writes));
  EXPECT_GT(counts.of(instructions), 100);
  auto const& most = counts.figures.at(instructions).at("highest");
  EXPECT_LT(most.to_number<double>(), counts.of(instructions) * 1.02);
}
INSTANTIATE_TEST_SUITE_P(Strategies, CountOf, testing::Values("sse", "websocket", "long-poll"));

// What an event allocates is for reading and keeping it; a subscriber more adds nothing.
TEST_F(Count, finds_no_allocation_for_a_subscriber_of_a_stream) {
  for (auto const* target : {"sse", "websocket"}) {
    auto const few = count(target, {"--clients", "5", "--quick", "--times", "1"});
    auto const many = count(target, {"--clients", "40", "--quick", "--times", "1"});
    EXPECT_NEAR(few.an_event(allocations), many.an_event(allocations), 1e-9) << target;
  }
}

class CountOfWaste : public Count {
 protected:
  // sse with one thing more for each send().
  Counts wasting(std::string const& what) {
    TemporaryFolder const folder;
    auto const file = folder.path() / "wasteful.toml";
    auto const server = std::filesystem::path(PUSHLAB_PROGRAM).parent_path() / "pushlab-sse";
    std::ofstream(file) << fmt::format(
        "title = \"Wasteful\"\nstrategy = \"sse\"\n[start]\ncommand = [\"sh\", \"-c\", "
        "\"PUSHLAB_WASTE={} LD_PRELOAD=$LD_PRELOAD:{} exec {} --client-listen {{client_listen}} "
        "--ingest-listen {{ingest_listen}}\"]\n",
        what, PUSHLAB_WASTEFUL, server.string());
    return count(file.string(), {"--clients", "4", "--quick", "--times", "1"});
  }
  void expect_more(char const* id, Counts const& counts, double by) {
    EXPECT_NEAR(counts.an_event(id), none_.an_event(id) + by, 1e-9) << id;
  }
  void SetUp() override {
    Count::SetUp();
    if (!IsSkipped()) none_ = wasting("nothing");
  }

  Counts none_;
};

// Five sends an event: to four clients and to who published.
TEST_F(CountOfWaste, shows_each_kind_where_it_belongs_and_nowhere_else) {
  auto const written = wasting("write");
  expect_more(writes, written, 5);
  expect_more(calls, written, 5);
  expect_more(bytes, written, 0);
  expect_more(allocations, written, 0);
  auto const called = wasting("call");
  expect_more(writes, called, 0);
  expect_more(calls, called, 5);
  auto const allocated = wasting("allocation");
  expect_more(allocations, allocated, 5);
  expect_more(calls, allocated, 0);
  expect_more(bytes, allocated, 0);
}

TEST_F(Count, says_why_it_cannot_count) {
  auto const polled = count("short-poll");
  EXPECT_TRUE(polled.figures.at(calls).at("value").is_null());
  EXPECT_NE(polled.figures.at(calls).at("reason").as_string().find("by the clock"),
            std::string::npos);
  TemporaryFolder const folder;
  auto const file = folder.path() / "elsewhere.toml";
  std::ofstream(file) << "title = \"Elsewhere\"\nstrategy = \"sse\"\n";
  auto const run = pushlab({"count", file.string()});
  EXPECT_EQ(run.status.code, 2);
  EXPECT_NE(run.err.find("no [start]"), std::string::npos) << run.err;
}

// A library that is pushed out of LD_PRELOAD counts nothing, which must not pass for zero.
TEST_F(Count, does_not_take_a_library_that_is_not_there_for_zero) {
  TemporaryFolder const folder;
  auto const file = folder.path() / "own-preload.toml";
  auto const server = std::filesystem::path(PUSHLAB_PROGRAM).parent_path() / "pushlab-sse";
  std::ofstream(file) << fmt::format(
      "title = \"Own\"\nstrategy = \"sse\"\n[start]\ncommand = [\"env\", \"-u\", \"LD_PRELOAD\", "
      "\"{}\", \"--client-listen\", \"{{client_listen}}\", \"--ingest-listen\", "
      "\"{{ingest_listen}}\"]\n",
      server.string());
  auto const counts = count(file.string(), {"--clients", "2", "--quick", "--times", "1"});
  EXPECT_TRUE(counts.figures.at(allocations).at("value").is_null());
  EXPECT_NE(counts.figures.at(allocations).at("reason").as_string().find("did not load"),
            std::string::npos);
}

TEST_F(Count, gives_a_scenario_its_system_calls) {
  TemporaryFolder const folder;
  auto const file = folder.path() / "counted.toml";
  std::ofstream(file) << "title = \"Counted\"\ntargets = [\"sse\", \"short-poll\"]\nclients = 20\n"
                         "arrivals = \"fixed\"\nrate = 20\nmeasure_s = 0.5\nwarmup_s = 0\n"
                         "poll_interval_s = 0.2\nsystem_calls = true\n";
  auto const out = folder.path() / "out";
  auto const run = pushlab({"run", file.string(), "--allow-debug", "--out", out.string()});
  ASSERT_TRUE(run.status.code == 0 || run.status.code == 3) << run.status.text() << run.err;
  auto const recorded = std::filesystem::directory_iterator(out)->path() / "result.json";
  auto const result = json::parse(text_of(recorded)).as_object();
  auto const& targets = result.at("targets").as_array();
  auto const& counted = targets.at(0).at("figures").at(calls);
  EXPECT_GT(counted.at("value").to_number<double>(), 1);
  auto const& not_counted = targets.at(1).at("figures").at(calls);
  EXPECT_TRUE(not_counted.at("value").is_null());
  EXPECT_NE(not_counted.at("remark").as_string().find("by the clock"), std::string::npos);
}

}  // namespace
}  // namespace pushlab::driver

// Two targets that are measured at the same time.

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "program.hpp"

namespace pushlab::driver {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

json::object result_of(std::string const& targets, fs::path const& folder) {
  auto const file = folder / "some.toml";
  std::ofstream(file) << "title = \"some\"\ntargets = " << targets << "\nclients = 20\n"
                      << "arrivals = \"paired\"\nrate = 10\nwarmup_s = 0.1\nmeasure_s = 1\n"
                      << "drain_s = 2\nrepetitions = 2\n";
  auto const out = folder / "out";
  auto const run =
      pushlab({"run", file.string(), "--allow-debug", "--out", out.string(), "--json"});
  EXPECT_NE(run.status.code, 2) << run.err;
  for (auto const& entry : fs::recursive_directory_iterator(out))
    if (entry.path().filename() == "result.json")
      return json::parse(text_of(entry.path())).as_object();
  ADD_FAILURE() << run.err;
  return {};
}

std::vector<double> intended_ms(json::object const& repetition) {
  std::vector<double> times;
  for (auto const& row : repetition.at("event_rows").at("rows").as_array())
    times.push_back(row.at(0).to_number<double>());
  return times;
}

void expect_turns(json::object const& one, json::object const& other) {
  for (auto const* repetition : {&one, &other}) {
    ASSERT_TRUE(repetition->at("error").is_null()) << json::serialize(repetition->at("error"));
    auto const& names = repetition->at("together").as_string();
    EXPECT_TRUE(names == "sse and websocket" || names == "websocket and sse") << names;
    EXPECT_EQ(repetition->at("delivered"), repetition->at("expected"));
  }
  EXPECT_EQ(one.at("block"), other.at("block"));
  auto const mine = intended_ms(one);
  auto const theirs = intended_ms(other);
  ASSERT_EQ(mine.size(), 10U);
  ASSERT_EQ(theirs.size(), 10U);
  // Half a period apart, whoever is first.
  for (std::size_t i = 0; i < mine.size(); ++i)
    EXPECT_NEAR(std::abs(mine[i] - theirs[i]), 50, 0.01);
}

TEST(Paired, events_of_two_targets_take_turns) {
  TemporaryFolder const folder;
  auto const result = result_of("[\"null\", \"sse\", \"websocket\"]", folder.path());
  auto const& targets = result.at("targets").as_array();
  ASSERT_EQ(targets.size(), 3U);
  for (auto const& target : targets)
    EXPECT_EQ(target.at("repetitions").as_array().size(), 2U) << target.at("id");
  EXPECT_FALSE(targets[0].at("repetitions").at(0).as_object().contains("together"));
  for (std::size_t block = 0; block < 2; ++block)
    expect_turns(targets[1].at("repetitions").at(block).as_object(),
                 targets[2].at("repetitions").at(block).as_object());
}

TEST(Paired, says_of_both_what_kept_one_from_starting) {
  TemporaryFolder const folder;
  fs::create_directories(folder.path() / "targets");
  for (auto const* id : {"sse", "broken"})
    std::ofstream(folder.path() / "targets" / (std::string(id) + ".toml"))
        << "title = \"" << id << "\"\nstrategy = \"sse\"\n[start]\ncommand = "
        << (std::string(id) == "broken"
                ? "[\"pushlab-sse\", \"--no-such-flag\"]"
                : "[\"pushlab-sse\", \"--client-listen\", \"{client_listen}\", "
                  "\"--ingest-listen\", \"{ingest_listen}\"]")
        << "\n";
  auto const result = result_of("[\"sse\", \"broken\"]", folder.path());
  ASSERT_EQ(result.at("targets").as_array().size(), 2U);
  for (auto const& target : result.at("targets").as_array()) {
    ASSERT_EQ(target.at("repetitions").as_array().size(), 2U);
    for (auto const& repetition : target.at("repetitions").as_array())
      EXPECT_NE(json::serialize(repetition.at("error")).find("broken: it ended at once"),
                std::string::npos)
          << repetition.at("error");
  }
}

}  // namespace
}  // namespace pushlab::driver

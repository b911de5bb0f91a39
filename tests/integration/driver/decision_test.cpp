#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "program.hpp"

namespace pushlab::driver {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

void write(fs::path const& file, std::string const& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

// One experiment, one rule and one claim of each kind.
fs::path write_decision(fs::path const& folder) {
  write(
      folder / "experiments" / "few.toml",
      "title = \"Few\"\ntargets = [\"null\", \"sse\", { id = \"short-poll\", poll_interval_s = 0.2 "
      "}]\nclients = 20\narrivals = \"fixed\"\nrate = 20\nwarmup_s = 0.2\nmeasure_s = 1\n"
      "drain_s = 2\nrepetitions = 2\n");
  std::string const about =
      "claim = \"c\"\nsource = \"s\"\nhypothesis = \"h\"\nexperiment = \"e\"\n";
  write(
      folder / "claims" / "C01.toml",
      "id = \"C01\"\n" + about +
          "[[checks]]\ntitle = \"lost\"\nexperiment = \"fan-out\"\nmetric = \"lost\"\ntarget = "
          "\"sse\"\n"
          "below = 1\n[[checks]]\ntitle = \"RESP\"\nconform = \"SSE-RESP-01\"\ntarget = \"sse\"\n");
  write(folder / "claims" / "C02.toml",
        "id = \"C02\"\n" + about + "not_testable = \"There is no such thing here.\"\n");
  write(folder / "decision.toml",
        fmt::format("title = \"t\"\nquestion = \"Which?\"\nclaims = \"claims\"\nprices = \"{}\"\n"
                    "[[experiments]]\nname = \"fan-out\"\nscenario = \"experiments/few.toml\"\n"
                    "question = \"How soon?\"\nset = {{ clients = 10 }}\n"
                    "[[conformance]]\ntarget = \"sse\"\ncases = [\"SSE-RESP-01\"]\n",
                    PUSHLAB_SOURCE_FOLDER "/scenarios/prices/example.toml"));
  return folder / "decision.toml";
}

TEST(Decision, runs_its_experiments_judges_its_claims_and_writes_its_record) {
  TemporaryFolder const folder;
  auto const file = write_decision(folder.path() / "scenarios");
  auto const out = folder.path() / "out";
  auto const run = pushlab({"run", file.string(), "--allow-debug", "--out", out.string()});
  // On a busy machine the load generator may be the limit.
  EXPECT_TRUE(run.status.code == 0 || run.status.code == 3) << run.status.text() << run.err;
  ASSERT_TRUE(fs::is_directory(out)) << run.err;
  auto const here = fs::directory_iterator(out)->path();
  for (auto const* name : {"result.json", "report.html", "decision-record.md",
                           "fan-out/result.json", "figures/fan-out-latency.svg"})
    EXPECT_TRUE(fs::exists(here / name)) << name;

  auto const result = json::parse(text_of(here / "result.json")).as_object();
  EXPECT_EQ(result.at("schema").as_string(), "pushlab.decision/1");
  auto const& experiment = result.at("experiments").as_array().at(0).as_object();
  EXPECT_EQ(experiment.at("result").at("scenario").at("clients").to_number<int>(), 10);
  EXPECT_EQ(experiment.at("result").at("costs").as_array().size(), 3U);
  auto const& rule = result.at("conformance").as_array().at(0).at("cases").as_array().at(0);
  EXPECT_EQ(rule.at("id").as_string(), "SSE-RESP-01");
  EXPECT_EQ(rule.at("verdict").as_string(), "pass");
  auto const& claims = result.at("claims").as_array();
  ASSERT_EQ(claims.size(), 2U);
  EXPECT_NE(claims[0].at("verdict").as_string(), "refuted");
  EXPECT_EQ(claims[1].at("verdict").as_string(), "not testable here");
  EXPECT_NE(run.out.find("There is no such thing here."), std::string::npos);

  auto const again = pushlab({"report", here.string()});
  EXPECT_EQ(again.status.code, 0) << again.err;
  EXPECT_NE(again.out.find("C02"), std::string::npos);
}

// That two of the same server are alike to a ten-thousandth is beyond any interval. By chance one
// of twenty runs says that they are not, and has nothing to measure longer. They are polled because
// a late load generator does not show in that.
TEST(Decision, measures_longer_what_a_claim_leaves_undecided) {
  TemporaryFolder const folder;
  auto const scenarios = folder.path() / "scenarios";
  auto const file = write_decision(scenarios);
  write(scenarios / "experiments" / "few.toml",
        "title = \"Few\"\ntargets = [\"short-poll\", { id = \"short-poll\", as = \"twin\" "
        "}]\nclients = 10\npoll_interval_s = 0.2\n"
        "arrivals = \"fixed\"\nrate = 20\nwarmup_s = 0.2\nmeasure_s = 1\ndrain_s = 0.5\n"
        "repetitions = 2\n");
  write(scenarios / "claims" / "C01.toml",
        "id = \"C01\"\nclaim = \"c\"\nsource = \"s\"\nhypothesis = \"h\"\nexperiment = \"e\"\n"
        "[[checks]]\ntitle = \"alike\"\nexperiment = \"fan-out\"\nmetric = \"latency_p50_ms\"\n"
        "target = \"twin\"\nagainst = \"short-poll\"\nwithin = [0.9999, 1.0001]\n");
  write(file, "extend_until_s = 100\n" + text_of(file));
  auto const out = folder.path() / "out";
  auto const run = pushlab({"run", file.string(), "--allow-debug", "--out", out.string()});
  ASSERT_EQ(run.status.signal, 0) << run.status.text() << run.err;
  ASSERT_TRUE(run.status.code == 0 || run.status.code == 3) << run.status.text() << run.err;
  auto const here = fs::directory_iterator(out)->path();
  auto const result = json::parse(text_of(here / "result.json")).as_object();
  auto const& check = result.at("claims").at(0).at("checks").at(0).as_object();
  auto const& experiment = result.at("experiments").at(0).as_object();
  if (!experiment.contains("extended")) {
    EXPECT_TRUE(check.at("outcome") == "missing" || check.at("outcome") == "refuted") << check;
    GTEST_SKIP() << check;
  }
  auto const more = experiment.at("extended").at("blocks").to_number<std::size_t>();
  EXPECT_GE(more, 1U);
  EXPECT_LE(more, 8U);
  for (auto const& target : experiment.at("result").at("targets").as_array()) {
    auto const& repetitions = target.at("repetitions").as_array();
    ASSERT_EQ(repetitions.size(), 2 + more);
    EXPECT_EQ(repetitions.back().at("block").to_number<std::size_t>(), 1 + more);
  }
  EXPECT_EQ(check.at("level"), 0.975);
  EXPECT_NE(text_of(here / "decision-record.md").find("more of short-poll and twin"),
            std::string::npos);
  EXPECT_NE(text_of(here / "fan-out" / "result.json").find("\"block\":2"), std::string::npos);
}

TEST(Decision, names_an_experiment_that_is_not_there) {
  TemporaryFolder const folder;
  auto const file = write_decision(folder.path() / "scenarios");
  auto const run = pushlab({"run", file.string(), "--allow-debug", "--experiments", "fan-oud"});
  EXPECT_EQ(run.status.code, 2);
  EXPECT_NE(run.err.find("did you mean fan-out?"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace pushlab::driver

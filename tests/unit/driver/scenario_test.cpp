#include "driver/scenario.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "driver/input_error.hpp"
#include "driver/program_path.hpp"

namespace pushlab::driver {
namespace {

std::string const minimal =
    "title = \"t\"\ntargets = [\"sse\", { id = \"reload\", repetitions = 1 }]\nclients = 10\n"
    "arrivals = \"fixed\"\nrate = 5\nmeasure_s = 2\nrepetitions = 3\n";

std::string message_of(std::string const& text) {
  try {
    parse_scenario(text, "x.toml");
  } catch (InputError const& error) {
    return error.what();
  }
  return "no error";
}

Target target_of(std::string const& strategy) {
  return parse_target("title = \"t\"\nstrategy = \"" + strategy + "\"", strategy + ".toml");
}

TEST(Scenario, reads_names_and_tables_in_the_list_of_targets) {
  auto const scenario = parse_scenario(minimal, "scenarios/some.toml");
  EXPECT_EQ(scenario.name, "some");
  ASSERT_EQ(scenario.targets.size(), 2U);
  EXPECT_EQ(scenario.targets[0].id, "sse");
  EXPECT_FALSE(scenario.targets[0].repetitions);
  EXPECT_EQ(scenario.targets[1].repetitions, 1U);
  EXPECT_EQ(scenario.repetitions, 3U);
}

TEST(Scenario, keeps_its_text_and_the_hash_of_it) {
  auto const object = to_json(parse_scenario(minimal, "x.toml"));
  EXPECT_EQ(object.at("text").as_string(), minimal);
  EXPECT_EQ(object.at("sha256").as_string().size(), 64U);
  auto const other = to_json(parse_scenario(minimal + "seed = 2\n", "x.toml"));
  EXPECT_NE(object.at("sha256"), other.at("sha256"));
}

TEST(Scenario, rejects_mistakes_with_file_line_and_mend) {
  EXPECT_EQ(message_of(minimal + "warm_up_s = 1\n"),
            "x.toml:8: the key warm_up_s is unknown: did you mean warmup_s?");
  EXPECT_EQ(message_of(minimal + "burst_size = 5\n"),
            "x.toml:8: burst_size does nothing when arrivals = \"fixed\": remove it");
  EXPECT_EQ(message_of(minimal + "subscriptions = 3\n"),
            "x.toml:8: subscriptions is 3, but there are only 1 names: lower it or raise names");
  EXPECT_EQ(message_of("title = \"t\"\ntargets = [\"sse\", \"sse\"]"),
            "x.toml:2: the target sse stands in targets twice: remove one");
  EXPECT_EQ(message_of("title = \"t\"\ntargets = [{ id = \"sse\", clients = 3 }]"),
            "x.toml:2: the key targets.clients is unknown: known are id, poll_interval_s, "
            "reload_interval_s, repetitions, wait_s");
}

TEST(Scenario, lets_a_targets_own_value_win) {
  auto const scenario = parse_scenario(
      "title = \"t\"\ntargets = [{ id = \"short-poll\", poll_interval_s = 0.25 }]\nclients = 10\n"
      "arrivals = \"fixed\"\nrate = 5\nmeasure_s = 2\npoll_interval_s = 4\n",
      "x.toml");
  auto const options = options_of(scenario, scenario.targets[0], target_of("short-poll"));
  EXPECT_EQ(options.at("poll_interval_s").as_double(), 0.25);
  EXPECT_EQ(options.size(), 1U);
  EXPECT_TRUE(options_of(scenario, scenario.targets[0], target_of("sse")).empty());
}

TEST(Scenario, rejects_an_override_that_would_do_nothing) {
  Scenario::Entry const entry{"sse", "x.toml:4", {}, 2.0, {}, {}};
  EXPECT_NO_THROW(check_entry(entry, "short-poll"));
  EXPECT_THROW(check_entry(entry, "sse"), InputError);
}

TEST(Scenario, is_shortened_for_a_first_look) {
  auto const scenario = shortened(parse_scenario(minimal + "seed = 9\n", "x.toml"));
  EXPECT_EQ(scenario.repetitions, 1U);
  EXPECT_LE(scenario.measure_s, 5);
  EXPECT_EQ(scenario.seed, 9U);
}

TEST(Scenario, reads_network_proxy_and_disruption) {
  auto const scenario = parse_scenario(
      minimal +
          "via = \"nginx\"\n[network]\ndelay_ms = 50\njitter_ms = 15\nloss = 0.01\n"
          "rate_kbit_s = 12000\n[disruption]\nkind = \"kill\"\nat_s = 0.2\ndown_s = 0.1\n",
      "x.toml");
  EXPECT_EQ(scenario.via, "nginx");
  EXPECT_EQ(scenario.network->delay_ms, 50);
  EXPECT_EQ(scenario.network->rate_kbit_s, 12000);
  EXPECT_EQ(scenario.disruption->kind, "kill");
  auto const json = to_json(scenario);
  EXPECT_EQ(json.at("network").at("loss").as_double(), 0.01);
  EXPECT_EQ(json.at("disruption").at("down_s").as_double(), 0.1);
}

TEST(Scenario, rejects_a_disruption_that_does_not_fit_and_jitter_above_the_delay) {
  auto const error = [](std::string const& more) -> std::string {
    try {
      parse_scenario(minimal + more, "x.toml");
    } catch (InputError const& problem) {
      return problem.what();
    }
    return "";
  };
  auto const of = [](std::string const& kind, std::string const& rest) {
    return "[disruption]\nkind = \"" + kind + "\"\n" + rest;
  };
  EXPECT_EQ(error(of("kill", "at_s = 0.2\ndown_s = 0.1\n")), "");
  EXPECT_NE(error(of("kill", "at_s = 100\ndown_s = 5000\n")).find("lower at_s"), std::string::npos);
  EXPECT_NE(error(of("kill", "at_s = 0.2\n")).find("down_s"), std::string::npos);
  EXPECT_NE(error(of("restart", "at_s = 0.2\ndown_s = 1\n")).find("remove it"), std::string::npos);
  EXPECT_NE(error(of("pause", "at_s = 0.2\n")).find("kind"), std::string::npos);
  EXPECT_NE(error("[network]\ndelay_ms = 1\njitter_ms = 2\n").find("lower it"), std::string::npos);
  EXPECT_NE(error("[network]\nlos = 0.1\n").find("los"), std::string::npos);
}

TEST(Scenario, every_file_that_ships_can_be_read_and_names_targets_that_exist) {
  std::filesystem::path const folder = PUSHLAB_SCENARIOS_FOLDER;
  auto const files = toml_files(folder);
  EXPECT_GE(files.size(), 3U);
  for (auto const& file : files) {
    for (auto const& entry : read_scenario(file).targets) {
      auto const target = read_target(find_target_file(entry.id, folder));
      EXPECT_NO_THROW(check_entry(entry, target.strategy)) << file;
    }
  }
}

}  // namespace
}  // namespace pushlab::driver

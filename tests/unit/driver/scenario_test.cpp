#include "driver/scenario.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "driver/decision_file.hpp"
#include "driver/gate_file.hpp"
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
            "x.toml:2: the target sse stands in targets twice: remove one, or give it another name "
            "with as = \"...\"");
  EXPECT_EQ(
      message_of("title = \"t\"\ntargets = [{ id = \"sse\", clients = 3 }]"),
      "x.toml:2: the key targets.clients is unknown: known are as, cursor, id, keep_alive, "
      "payload_bytes, poll_gap_s, poll_interval_s, refresh, refresh_jitter_s, reload_interval_s, "
      "repetitions, server_args, title, wait_s");
}

TEST(Scenario, takes_only_numbers_that_its_workload_has) {
  auto const scenario =
      parse_scenario(minimal + "churn_session_s = 4\nchurn_pause_s = 0.2\n", "x.toml");
  EXPECT_EQ(scenario.numbers.at("churn_session_s"), 4);
  EXPECT_EQ(to_json(scenario).at("churn_pause_s"), 0.2);
  EXPECT_EQ(message_of(minimal + "zipf_exponent = 1\n"),
            "x.toml:8: zipf_exponent does nothing when popularity = \"uniform\": remove it");
  EXPECT_EQ(message_of(minimal + "flash_s = 1\n"),
            "x.toml:8: flash_s does nothing when arrivals = \"fixed\": remove it");
  EXPECT_EQ(
      message_of(minimal + "churn_pause_s = 1\n"),
      "x.toml:8: churn_pause_s does nothing without churn_session_s: add that or remove this");
}

TEST(Scenario, takes_the_rate_from_its_trace) {
  std::string const text =
      "title = \"t\"\ntargets = [\"sse\"]\nclients = 10\narrivals = \"trace\"\n"
      "trace = \"traces/sample.ndjson\"\ntrace_speed = 2\nmeasure_s = 2\n";
  auto const file = scenarios_folder() / "x.toml";
  auto const scenario = parse_scenario(text + "names = 8\n", file);
  EXPECT_EQ(scenario.trace, scenarios_folder() / "traces/sample.ndjson");
  EXPECT_GT(scenario.rate, 1);
  EXPECT_NE(message_of(text + "rate = 5\n").find("x.toml:8: rate does nothing beside a trace"),
            std::string::npos);
  EXPECT_NE(message_of(text).find("x.toml:5: the trace traces/sample.ndjson cannot be read"),
            std::string::npos);
  EXPECT_THROW(parse_scenario(text + "names = 2\n", file), InputError);  // it has t7
}

TEST(Scenario, takes_any_payload_that_a_notification_fits_in) {
  EXPECT_EQ(parse_scenario(minimal + "payload_bytes = 48\n", "x.toml").payload_bytes, 48U);
  EXPECT_NE(message_of(minimal + "payload_bytes = 47\n").find("payload_bytes"), std::string::npos);
  EXPECT_NE(message_of(minimal + "payload_bytes = 48\nnames = 1000\n").find("50"),
            std::string::npos);
}

TEST(Scenario, has_slow_readers_on_streams_only) {
  auto const scenario = parse_scenario(minimal + "slow_readers = 0.1\n", "x.toml");
  EXPECT_NO_THROW(check_workload(scenario, "sse"));
  EXPECT_THROW(check_workload(scenario, "short-poll"), InputError);
}

TEST(Scenario, is_undisturbed_for_the_floor) {
  auto const text = minimal +
                    "churn_session_s = 2\nchurn_pause_s = 1\nslow_readers = 0.1\n"
                    "slow_read_bytes_per_s = 10\n";
  auto calm = undisturbed(parse_scenario(
      text + "disruption = { kind = \"kill\", at_s = 0.2, down_s = 0.1 }\n", "x.toml"));
  calm.text = minimal;
  EXPECT_EQ(to_json(calm), to_json(parse_scenario(minimal, "x.toml")));
}

TEST(Scenario, lets_a_targets_own_value_win) {
  auto const scenario = parse_scenario(
      "title = \"t\"\ntargets = [{ id = \"short-poll\", poll_interval_s = 0.25 }]\nclients = 10\n"
      "arrivals = \"fixed\"\nrate = 5\nmeasure_s = 2\npoll_interval_s = 4\n",
      "x.toml");
  auto const variant = variant_of(scenario, scenario.targets[0]);
  auto const options = options_of(variant, scenario.targets[0], target_of("short-poll"));
  EXPECT_EQ(options.at("poll_interval_s").as_double(), 0.25);
  EXPECT_EQ(options.size(), 1U);
  EXPECT_TRUE(options_of(scenario, scenario.targets[0], target_of("sse")).empty());
}

TEST(Scenario, holds_variants_of_one_target_under_names_of_their_own) {
  auto const scenario = parse_scenario(
      "title = \"t\"\ntargets = [\"sse\", { id = \"sse\", as = \"sse-gzip\", server_args = "
      "[\"--compression\", \"gzip\"] }]\nclients = 10\narrivals = \"fixed\"\nrate = 5\n"
      "measure_s = 2\n",
      "x.toml");
  ASSERT_EQ(scenario.targets.size(), 2U);
  EXPECT_EQ(scenario.targets[0].name, "sse");
  EXPECT_EQ(scenario.targets[1].id, "sse");
  EXPECT_EQ(scenario.targets[1].name, "sse-gzip");
  EXPECT_EQ(scenario.targets[1].server_args.at(1), "gzip");
}

TEST(Scenario, gives_way_to_what_is_set_from_outside) {
  auto const scenario =
      parse_scenario(minimal, "x.toml", toml::table{{"clients", 77}, {"seed", 5}});
  EXPECT_EQ(scenario.clients, 77U);
  EXPECT_EQ(shortened(scenario).clients, 77U);
  EXPECT_EQ(variant_of(shortened(scenario), scenario.targets[0]).repetitions, 1U);
  EXPECT_THROW(parse_scenario(minimal, "x.toml", toml::table{{"clientz", 1}}), InputError);
}

std::string refusal_of_pair(std::string const& targets, std::string const& more = "") {
  try {
    auto const scenario = parse_scenario(
        "title = \"t\"\ntargets = " + targets +
            "\nclients = 10\narrivals = \"paired\"\nrate = 5\nmeasure_s = 2\n" + more,
        "x.toml");
    EXPECT_TRUE(takes_turns(scenario));
    return "";
  } catch (InputError const& error) {
    return error.what();
  }
}

TEST(Scenario, measures_two_targets_at_the_same_time_and_no_other_number) {
  EXPECT_EQ(refusal_of_pair("[\"null\", \"sse\", \"websocket\"]"), "");
  EXPECT_EQ(
      refusal_of_pair("[\"sse\"]"),
      "x.toml:2: arrivals = \"paired\" measures two targets at the same time, beside the null "
      "server, and here are 1: name two");
  EXPECT_EQ(refusal_of_pair("[\"sse\", { id = \"websocket\", repetitions = 3 }]"),
            "x.toml:2: arrivals = \"paired\" needs as many repetitions of both targets");
  EXPECT_EQ(refusal_of_pair("[\"sse\", \"websocket\"]", "warmup_s = 0.5\n"),
            "x.toml:7: warmup_s of 0.5 s ends within a pair, of which there are 5 a second: take a "
            "multiple of 0.2 s");
  EXPECT_EQ(refusal_of_pair("[\"sse\", \"websocket\"]", "tls_setups = 10\n"),
            "x.toml:4: arrivals = \"paired\" measures two targets at the same time: remove "
            "disruption and tls_setups");
}

TEST(Scenario, pairs_irregular_events_in_a_measurement_of_any_length) {
  auto const text =
      "title = \"t\"\ntargets = [\"sse\", \"websocket\"]\nclients = 10\nrate = 7\n"
      "arrivals = \"paired-irregular\"\nirregular_cycle_s = 1\nmeasure_s = 2.5\n";
  EXPECT_TRUE(takes_turns(parse_scenario(text, "x.toml")));
  EXPECT_THROW(parse_scenario(text, "x.toml", toml::table{{"targets", toml::array{"sse"}}}),
               InputError);
}

TEST(Scenario, takes_turns_only_with_targets_that_push) {
  Scenario scenario;
  scenario.arrivals = "paired";
  EXPECT_NO_THROW(check_workload(scenario, "long-poll"));
  EXPECT_THROW(check_workload(scenario, "short-poll"), InputError);
  EXPECT_THROW(check_workload(scenario, "reload"), InputError);
}

TEST(Scenario, rejects_an_override_that_would_do_nothing) {
  Scenario::Entry const entry{
      "sse", "sse", "x.toml:4", "", {}, {}, toml::table{{"poll_interval_s", 2.0}}};
  EXPECT_NO_THROW(check_entry(entry, "short-poll"));
  EXPECT_THROW(check_entry(entry, "sse"), InputError);
}

std::string const with_clients =
    "title = \"t\"\nclients = 10\narrivals = \"fixed\"\nrate = 5\nmeasure_s = 2\n";

boost::json::object client_options(std::string const& text, std::string const& strategy) {
  auto const scenario = parse_scenario(with_clients + text, "x.toml");
  return options_of(scenario, scenario.targets.front(), target_of(strategy));
}

TEST(Scenario, tells_each_target_how_its_clients_behave) {
  std::string const text =
      "targets = [{ id = \"x\", keep_alive = false }]\nrefresh = true\nrefresh_jitter_s = 2\n"
      "poll_gap_s = 0.5\ncursor = \"none\"\n";
  auto options = client_options(text, "sse");
  EXPECT_EQ(options, (boost::json::object{
                         {"refresh", true}, {"refresh_jitter_s", 2.0}, {"keep_alive", false}}));
  EXPECT_EQ(client_flags(options),
            (std::vector<std::string>{"--refresh", "--no-keep-alive", "--refresh-jitter", "2"}));
  options = client_options(text, "long-poll");
  options.erase("wait_s");
  EXPECT_EQ(client_flags(options),
            (std::vector<std::string>{"--no-keep-alive", "--poll-gap", "0.5", "--cursor", "none"}));
  options = client_options(text, "reload");
  options.erase("reload_interval_s");
  EXPECT_EQ(client_flags(options), std::vector<std::string>{"--no-keep-alive"});
}

TEST(Scenario, lets_a_target_be_without_the_scenarios_refresh) {
  std::string const text =
      "targets = [{ id = \"x\", refresh = false }]\nrefresh = true\nrefresh_jitter_s = 2\n";
  EXPECT_EQ(client_options(text, "sse"), (boost::json::object{{"refresh", false}}));
}

TEST(Scenario, rejects_what_clients_of_a_target_cannot_do) {
  for (auto const* text :
       {"refresh_jitter_s = 1", "keep_alive = false", "poll_gap_s = 1", "cursor = \"none\""}) {
    auto const entry = std::string("targets = [{ id = \"x\", ") + text + " }]\n";
    EXPECT_THROW(client_options(entry, "sse"), InputError) << text;
  }
  EXPECT_THROW(client_options("targets = [{ id = \"x\", refresh = true }]\n", "reload"),
               InputError);
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
  auto const check = [&](Scenario const& scenario) {
    for (auto const& entry : scenario.targets) {
      auto const target = read_target(find_target_file(entry.id, folder));
      EXPECT_NO_THROW(check_entry(entry, target.strategy)) << scenario.file;
    }
  };
  for (auto const& file : files) {
    if (is_gate_file(file)) continue;
    if (!is_decision_file(file)) {
      check(read_scenario(file));
      continue;
    }
    for (auto const& experiment : read_decision_file(file).experiments) {
      check(experiment.scenario);
      check(experiment.quick);
    }
  }
}

}  // namespace
}  // namespace pushlab::driver

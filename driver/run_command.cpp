#include <fmt/format.h>

#include <boost/json.hpp>

#include "driver/build_info.hpp"
#include "driver/claim_file.hpp"
#include "driver/commands.hpp"
#include "driver/decision_run.hpp"
#include "driver/gate_file.hpp"
#include "driver/input_error.hpp"
#include "driver/interrupt.hpp"
#include "driver/prices.hpp"
#include "driver/program_path.hpp"
#include "driver/result_folder.hpp"
#include "driver/result_writer.hpp"
#include "driver/scenario_run.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace {

struct RunFlags {
  std::string scenario;
  std::vector<std::string> targets;
  std::vector<std::string> experiments;
  std::string out = "results";
  bool quick = false;
  bool allow_debug = false;
  bool as_json = false;
};

void refuse_debug(RunFlags const& flags) {
  if (is_release_build() || flags.allow_debug) return;
  throw InputError(fmt::format(
      "this is a {} build, and figures come from the release build only: cmake --preset release "
      "&& cmake --build --preset release, then build/release/bin/pushlab run ... (or "
      "--allow-debug for a result that is marked)",
      build_type()));
}

// Says so when something else had the machine: the figures are recorded, but not to be quoted.
void warn_of_company(json::object const& machine) {
  auto const share = [&](char const* key) { return machine.at(key).to_number<double>() * 100; };
  if (share("steal_share") > 5 || share("other_cpu_share") > 10)
    fmt::print(stderr,
               "pushlab: other programs used {:.0f} % of the machine and other guests of its host "
               "{:.0f} %: run it again when the machine is quiet\n",
               share("other_cpu_share"), share("steal_share"));
}

void print_result(RunFlags const& flags, json::object const& result,
                  std::filesystem::path const& folder) {
  if (flags.as_json) {
    fmt::print("{}\n", json::serialize(json::object{{"folder", folder.string()},
                                                    {"valid", result.at("run").at("valid")},
                                                    {"answer", result.at("answer")},
                                                    {"skipped", result.at("skipped")}}));
    return;
  }
  fmt::print("{}\n", table(result));
  fmt::print("{}\n{}\n", (folder / "result.json").string(), (folder / "report.html").string());
}

void print_decision(RunFlags const& flags, json::object const& result,
                    std::filesystem::path const& folder) {
  if (flags.as_json) {
    json::array claims;
    for (auto const& claim : result.at("claims").as_array()) {
      auto const& one = claim.as_object();
      claims.push_back({{"id", one.at("id")}, {"verdict", one.at("verdict")}});
    }
    fmt::print("{}\n", json::serialize(json::object{{"folder", folder.string()},
                                                    {"valid", result.at("run").at("valid")},
                                                    {"claims", std::move(claims)}}));
    return;
  }
  fmt::print("{}\n", decision_table(result));
  for (auto const* name : {"result.json", "report.html", "decision-record.md"})
    if (std::filesystem::exists(folder / name)) fmt::print("{}\n", (folder / name).string());
}

int run_decision(RunFlags const& flags, std::filesystem::path const& file) {
  if (!flags.targets.empty())
    throw InputError(
        fmt::format("--targets: {} holds experiments with targets of their own: use "
                    "--experiments",
                    file.string()));
  auto decision = read_decision_file(file);
  auto const claims = read_claims(decision.claims, claim_names(decision));
  auto const prices = read_prices(decision.prices);
  auto const name = decision.name;
  DecisionRun decision_run(std::move(decision), flags.quick, flags.experiments);
  auto const folder = new_result_folder(flags.out, name);
  json::object result;
  try {
    result = decision_run.execute(folder, folder.filename().string(), claims);
  } catch (RunInterrupted const&) {
    fmt::print(stderr, "pushlab: interrupted; the experiments until then are in {}\n",
               folder.string());
    return 128 + interrupt_signal();
  }
  if (!is_release_build()) result["run"].as_object()["debug_build"] = true;
  result["prices"] = prices;
  judge(result);
  write_result(result, folder / "result.json");
  write_figures({result}, folder / "figures");
  write_report({result}, {}, folder / "report.html");
  write_record(decision_record(result, result.at("verdict").as_object(), nullptr,
                               {folder, folder, "pushlab decide " + folder.string()}),
               folder / "decision-record.md");
  print_decision(flags, result, folder);
  warn_of_company(result.at("machine").as_object());
  return result.at("run").at("valid").as_bool() ? 0 : invalid_run;
}

int run(RunFlags const& flags) {
  refuse_debug(flags);
  auto const file = find_scenario_file(flags.scenario);
  if (is_decision_file(file)) return run_decision(flags, file);
  if (!flags.experiments.empty())
    throw InputError(
        fmt::format("--experiments: {} is a single workload: leave it out", file.string()));
  if (is_gate_file(file))
    throw InputError(
        fmt::format("{}: it is a gate: compare two builds by pushlab gate", file.string()));
  auto scenario = read_scenario(file);
  if (flags.quick) scenario = shortened(std::move(scenario));
  auto const name = scenario.name;
  ScenarioRun scenario_run(std::move(scenario), flags.targets);
  if (scenario_run.nothing_to_run())
    throw InputError(
        fmt::format("{}: none of its targets is installed: see pushlab list", flags.scenario));
  auto const folder = new_result_folder(flags.out, name);
  json::object result;
  try {
    result = scenario_run.execute(folder, folder.filename().string());
  } catch (RunInterrupted const& interruption) {
    fmt::print(stderr, "pushlab: {}; the logs so far are in {}\n", interruption.what(),
               folder.string());
    return 128 + interrupt_signal();
  }
  auto& run = result["run"].as_object();
  if (!is_release_build()) run["debug_build"] = true;
  if (flags.quick) run["quick"] = true;
  summarise(result);
  write_result(result, folder / "result.json");
  write_report({result}, {}, folder / "report.html");
  print_result(flags, result, folder);
  warn_of_company(result.at("machine").as_object());
  if (!interrupted()) return exit_status_of(result);
  fmt::print(stderr, "pushlab: interrupted; the repetitions until then are recorded\n");
  return 128 + interrupt_signal();
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_status) {
  auto* command =
      app.add_subcommand("run", "Run a scenario over its targets; write result.json, report.html");
  auto flags = std::make_shared<RunFlags>();
  command->add_option("scenario", flags->scenario, "Scenario file or name (see pushlab list)")
      ->required();
  command->add_option("--targets", flags->targets, "Only these targets of the scenario: a,b")
      ->allow_extra_args(false)
      ->delimiter(',');
  command
      ->add_option("--experiments", flags->experiments, "Only these experiments of a decision: a,b")
      ->allow_extra_args(false)
      ->delimiter(',');
  command->add_option("--out", flags->out, "Folder that receives the run's folder")
      ->capture_default_str();
  command->add_flag("--quick", flags->quick, "One repetition, at most 5 s measured: a first look");
  command->add_flag("--allow-debug", flags->allow_debug,
                    "Record from a build that is not release; the result is marked");
  command->add_flag("--json", flags->as_json, "One JSON object instead of the table");
  command->footer(
      "Example: pushlab run scenarios/quick.toml --targets sse,websocket\n"
      "         pushlab run scenarios/decision.toml\n"
      "Exit status: 1 deliveries were lost, 2 unusable input, 3 a target's run is invalid, 130 "
      "interrupted:\nthe repetitions until then are recorded\n"
      "Of a decision: 2 unusable input, 3 a target of its first experiment was not measured "
      "validly; "
      "losses and\ninvalid targets elsewhere are in the report and make no exit status");
  command->callback([flags, &exit_status] { exit_status = run(*flags); });
}

}  // namespace pushlab::driver

#include <fmt/format.h>

#include <boost/json.hpp>

#include "driver/commands.hpp"
#include "driver/program_path.hpp"
#include "driver/scenario.hpp"
#include "driver/target.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace {

json::object describe(Target const& target) {
  auto const reason = why_not_installed(target);
  json::object object{{"id", target.id},
                      {"title", target.title},
                      {"strategy", target.strategy},
                      {"third_party", target.third_party},
                      {"installed", reason.empty()},
                      {"file", target.file.string()}};
  if (!reason.empty()) object["reason"] = reason;
  return object;
}

json::object describe(Scenario const& scenario) {
  json::array targets;
  for (auto const& entry : scenario.targets) targets.emplace_back(entry.id);
  return {{"name", scenario.name},
          {"title", scenario.title},
          {"clients", scenario.clients},
          {"measure_s", scenario.measure_s},
          {"repetitions", scenario.repetitions},
          {"targets", targets},
          {"file", scenario.file.string()}};
}

void print_table(std::vector<Target> const& targets, std::vector<Scenario> const& scenarios) {
  fmt::print("{:<16} {:<11} {:<12} {}\n", "target", "strategy", "whose", "title");
  for (auto const& target : targets) {
    auto const reason = why_not_installed(target);
    fmt::print("{:<16} {:<11} {:<12} {}{}\n", target.id, target.strategy,
               target.third_party ? "third party" : "ours", target.title,
               reason.empty() ? "" : " (" + reason + ")");
  }
  fmt::print("\n{:<16} {:>8} {:>8} {}\n", "scenario", "clients", "targets", "title");
  for (auto const& scenario : scenarios)
    fmt::print("{:<16} {:>8} {:>8} {}\n", scenario.name, scenario.clients, scenario.targets.size(),
               scenario.title);
}

void list(bool as_json) {
  auto const folder = scenarios_folder();
  std::vector<Target> targets;
  std::vector<Scenario> scenarios;
  for (auto const& file : toml_files(folder / "targets")) targets.push_back(read_target(file));
  for (auto const& file : toml_files(folder)) scenarios.push_back(read_scenario(file));
  if (!as_json) return print_table(targets, scenarios);
  json::array target_list, scenario_list;
  for (auto const& target : targets) target_list.push_back(describe(target));
  for (auto const& scenario : scenarios) scenario_list.push_back(describe(scenario));
  fmt::print("{}\n",
             json::serialize(json::object{{"targets", target_list}, {"scenarios", scenario_list}}));
}

}  // namespace

void add_list_command(CLI::App& app, int&) {
  auto* command = app.add_subcommand("list", "The targets and scenarios that are here");
  auto as_json = std::make_shared<bool>(false);
  command->add_flag("--json", *as_json, "One JSON object instead of tables");
  command->footer("Example: pushlab list --json");
  command->callback([as_json] { list(*as_json); });
}

}  // namespace pushlab::driver

#include <fmt/format.h>

#include <boost/json.hpp>

#include "driver/commands.hpp"
#include "driver/decision_file.hpp"
#include "driver/gate_file.hpp"
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

json::object describe(DecisionFile const& decision) {
  json::array experiments;
  for (auto const& experiment : decision.experiments) experiments.emplace_back(experiment.name);
  return {{"name", decision.name},
          {"title", decision.title},
          {"experiments", experiments},
          {"file", decision.file.string()}};
}

json::object describe(GateFile const& gate) {
  return {{"name", gate.file.stem().string()},
          {"title", gate.title},
          {"targets", json::value_from(gate.targets)},
          {"file", gate.file.string()}};
}

struct Found {
  std::vector<Target> targets;
  std::vector<Scenario> scenarios;
  std::vector<DecisionFile> decisions;
  std::vector<GateFile> gates;
};

Found find_all() {
  auto const folder = scenarios_folder();
  Found found;
  for (auto const& file : toml_files(folder / "targets"))
    found.targets.push_back(read_target(file));
  for (auto const& file : toml_files(folder)) {
    if (is_decision_file(file))
      found.decisions.push_back(read_decision_file(file));
    else if (is_gate_file(file))
      found.gates.push_back(read_gate_file(file));
    else
      found.scenarios.push_back(read_scenario(file));
  }
  return found;
}

template <class Kind>
json::array described(std::vector<Kind> const& all) {
  json::array list;
  for (auto const& one : all) list.push_back(describe(one));
  return list;
}

void print_table(Found const& found) {
  fmt::print("{:<16} {:<11} {:<12} {}\n", "target", "strategy", "whose", "title");
  for (auto const& target : found.targets) {
    auto const reason = why_not_installed(target);
    fmt::print("{:<16} {:<11} {:<12} {}{}\n", target.id, target.strategy,
               target.third_party ? "third party" : "ours", target.title,
               reason.empty() ? "" : " (" + reason + ")");
  }
  fmt::print("\n{:<16} {:>8} {:>8} {}\n", "scenario", "clients", "targets", "title");
  for (auto const& scenario : found.scenarios)
    fmt::print("{:<16} {:>8} {:>8} {}\n", scenario.name, scenario.clients, scenario.targets.size(),
               scenario.title);
  if (!found.decisions.empty())
    fmt::print("\n{:<16} {:>11} {}\n", "decision", "experiments", "title");
  for (auto const& decision : found.decisions)
    fmt::print("{:<16} {:>11} {}\n", decision.name, decision.experiments.size(), decision.title);
  if (!found.gates.empty()) fmt::print("\n{:<16} {:>8} {}\n", "gate", "targets", "title");
  for (auto const& gate : found.gates)
    fmt::print("{:<16} {:>8} {}\n", gate.file.stem().string(), gate.targets.size(), gate.title);
}

void list(bool as_json) {
  auto const found = find_all();
  if (!as_json) return print_table(found);
  fmt::print("{}\n", json::serialize(json::object{{"targets", described(found.targets)},
                                                  {"scenarios", described(found.scenarios)},
                                                  {"decisions", described(found.decisions)},
                                                  {"gates", described(found.gates)}}));
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

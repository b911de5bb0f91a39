#include "driver/decision_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "driver/program_path.hpp"
#include "driver/toml_reader.hpp"

namespace pushlab::driver {
namespace fs = std::filesystem;
namespace {

// What is wrong with a value set here is told with both places.
Scenario read_with(fs::path const& file, toml::table const& over, std::string const& place) {
  try {
    return read_scenario(file, over);
  } catch (InputError const& error) {
    if (over.empty()) throw;
    throw InputError(fmt::format("{}: with what is set here: {}", place, error.what()));
  }
}

// It is a folder of the run, and an anchor in the report.
std::string read_name(TomlTable& table) {
  auto name = table.text("name");
  if (name.empty() ||
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    table.fail("name", fmt::format("\"{}\" is no name of an experiment: give small letters, digits "
                                   "and hyphens",
                                   name));
  return name;
}

DecisionFile::Experiment read_experiment(TomlTable table, fs::path const& folder) {
  DecisionFile::Experiment experiment;
  experiment.name = read_name(table);
  auto const file = folder / table.text("scenario");
  experiment.question = table.text("question");
  experiment.compression = table.text("compression", "");
  auto over = table.raw_table("set");
  experiment.scenario = read_with(file, over, table.place("set"));
  auto const quick = table.raw_table("quick");
  for (auto const& [key, value] : quick) over.insert_or_assign(key, value);
  experiment.quick =
      quick.empty() ? shortened(experiment.scenario) : read_with(file, over, table.place("quick"));
  if (!quick.empty())
    for (auto& entry : experiment.quick.targets)
      if (entry.repetitions)
        entry.repetitions = std::min(*entry.repetitions, experiment.quick.repetitions);
  experiment.scenario.name = experiment.quick.name = experiment.name;
  table.finish();
  return experiment;
}

DecisionFile::Conformance read_conformance(TomlTable table) {
  DecisionFile::Conformance conformance{table.text("target"), table.texts("cases"),
                                        table.flag("tls", false)};
  try {
    find_target_file(conformance.target, scenarios_folder());
  } catch (InputError const& error) {
    table.fail("target", error.what());
  }
  if (conformance.cases.empty())
    table.fail("cases", "cases is missing or empty: give e.g. cases = [\"RECON-01\"]");
  table.finish();
  return conformance;
}

}  // namespace

bool is_decision_file(fs::path const& file) {
  return TomlTable::from_text(read_toml_text(file), file.string()).has("experiments");
}

DecisionFile read_decision_file(fs::path const& file) {
  DecisionFile decision;
  decision.name = file.stem().string();
  decision.file = file;
  decision.text = read_toml_text(file);
  auto root = TomlTable::from_text(decision.text, file.string());
  auto const folder = file.parent_path();
  decision.title = root.text("title");
  decision.question = root.text("question");
  decision.claims = folder / root.text("claims");
  decision.prices = folder / root.text("prices");
  decision.matrix = root.flag("matrix", false);
  decision.silence_s = root.number("silence_s", {0, 3600}, 0);
  decision.extend_until_s = root.number("extend_until_s", {0, 86400}, 0);
  for (auto& table : root.tables("experiments")) {
    auto const place = table.place("name");
    decision.experiments.push_back(read_experiment(std::move(table), folder));
    auto const same = [&](auto const& other) {
      return other.name == decision.experiments.back().name;
    };
    if (std::ranges::count_if(decision.experiments, same) > 1)
      throw InputError(fmt::format("{}: there are two experiments of the name {}: rename one",
                                   place, decision.experiments.back().name));
  }
  if (decision.experiments.empty())
    root.fail("experiments", "there is no experiment: give [[experiments]]");
  for (auto& table : root.tables("conformance"))
    decision.conformance.push_back(read_conformance(std::move(table)));
  root.finish();
  return decision;
}

}  // namespace pushlab::driver

#include "driver/decision_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <sstream>

#include "driver/build_info.hpp"
#include "driver/interrupt.hpp"
#include "driver/machine.hpp"
#include "driver/nearest_name.hpp"
#include "driver/process.hpp"
#include "driver/result_writer.hpp"
#include "driver/scenario_run.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::minutes longest_check{15};

void keep_only(std::vector<DecisionFile::Experiment>& experiments,
               std::vector<std::string> const& only) {
  if (only.empty()) return;
  std::vector<std::string> names;
  for (auto const& experiment : experiments) names.push_back(experiment.name);
  for (auto const& name : only) {
    if (std::ranges::find(names, name) != names.end()) continue;
    auto const nearest = nearest_name(name, names);
    throw InputError(fmt::format("--experiments {}: there is no such experiment: {}", name,
                                 nearest.empty()
                                     ? fmt::format("known are {}", fmt::join(names, ", "))
                                     : fmt::format("did you mean {}?", nearest)));
  }
  std::erase_if(experiments, [&](auto const& experiment) {
    return std::ranges::find(only, experiment.name) == only.end();
  });
}

// `pushlab conform ...` as a child: it has threads, and this process must stay without.
std::string conform(std::vector<std::string> const& arguments, fs::path const& out,
                    fs::path const& log) {
  SpawnPlan plan;
  plan.command = {fs::read_symlink("/proc/self/exe").string(), "conform"};
  plan.command.insert(plan.command.end(), arguments.begin(), arguments.end());
  plan.stdout_file = out;
  plan.stderr_file = log;
  Process child(plan);
  auto const status = child.wait(longest_check);
  if (interrupted()) throw RunInterrupted();
  if (!status) return "it did not end in time";
  // Broken rules are findings, not failures.
  return status->signal != 0 || status->code > 1 ? status->text() : "";
}

json::value parsed(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  boost::system::error_code error;
  auto value = json::parse(text.str(), error);
  return error ? json::value() : value;
}

}  // namespace

DecisionRun::DecisionRun(DecisionFile decision, bool quick, std::vector<std::string> const& only)
    : decision_(std::move(decision)), quick_(quick), all_(only.empty()) {
  keep_only(decision_.experiments, only);
}

double DecisionRun::usual_seconds() const {
  double seconds = 0;
  for (auto const& experiment : decision_.experiments)
    seconds += ScenarioRun(quick_ ? experiment.quick : experiment.scenario, {}).usual_seconds();
  return seconds;
}

json::object DecisionRun::experiment(std::size_t number, fs::path const& folder) const {
  auto const& given = decision_.experiments[number];
  auto const here = folder / given.name;
  fs::create_directories(here);
  ScenarioRun run(quick_ ? given.quick : given.scenario, {});
  run.set_label(
      fmt::format("{} ({} of {}) ", given.name, number + 1, decision_.experiments.size()));
  auto result = run.execute(here, folder.filename().string() + "/" + given.name);
  if (quick_) result["run"].as_object()["quick"] = true;
  summarise(result);
  write_result(result, here / "result.json");
  return {{"name", given.name},
          {"title", given.scenario.title},
          {"question", given.question},
          {"compression", given.compression},
          {"result", std::move(result)}};
}

json::array DecisionRun::conformance(fs::path const& folder) const {
  json::array checked;
  StatusLine status;
  for (std::size_t i = 0; i < decision_.conformance.size(); ++i) {
    auto const& [target, cases] = decision_.conformance[i];
    status.show(fmt::format("rules of {} ({} of {})", target, i + 1, decision_.conformance.size()));
    auto const out = folder / fmt::format("conform-{}.json", i + 1);
    auto const problem =
        conform({target, "--json", "--case", fmt::format("{}", fmt::join(cases, ","))}, out,
                folder / fmt::format("conform-{}.log", i + 1));
    json::object row{{"target", target}, {"cases", json::array{}}};
    auto const report = problem.empty() ? parsed(out) : json::value();
    if (report.is_object() && report.get_object().contains("cases"))
      row["cases"] = report.get_object().at("cases");
    else
      row["error"] = fmt::format("pushlab conform {}: {}", target,
                                 problem.empty() ? "it gave no report" : problem);
    checked.push_back(std::move(row));
  }
  return checked;
}

json::value DecisionRun::matrix(fs::path const& folder) const {
  if (!decision_.matrix) return nullptr;
  StatusLine status;
  status.show("what proxies do, about two minutes");
  auto const problem =
      conform({"--matrix", "--out", folder.string()}, folder / "matrix.txt", folder / "matrix.log");
  auto const file = folder / "proxy-matrix.json";
  if (!fs::exists(file)) {
    fmt::print(stderr, "pushlab: the proxies were not measured: {}; see {}\n", problem,
               (folder / "matrix.log").string());
    return nullptr;
  }
  return parsed(file);
}

json::object DecisionRun::execute(fs::path const& folder, std::string const& run_id) {
  auto const started = utc_now();
  auto const begin = Clock::now();
  MachineShares const shares;
  json::array experiments;
  for (std::size_t i = 0; i < decision_.experiments.size(); ++i)
    experiments.push_back(experiment(i, folder));
  auto rules = all_ ? conformance(folder) : json::array{};
  auto proxies = all_ ? matrix(folder) : json::value();
  auto machine = machine_facts();
  auto const used = shares.now();
  machine["steal_share"] = used.steal;
  machine["other_cpu_share"] = used.other_cpu;
  json::object result{{"schema", "pushlab.decision/1"},
                      {"run",
                       {{"id", run_id},
                        {"started", started},
                        {"duration_s", std::chrono::duration<double>(Clock::now() - begin).count()},
                        {"pushlab", build_info()}}},
                      {"machine", std::move(machine)},
                      {"decision",
                       {{"name", decision_.name},
                        {"title", decision_.title},
                        {"question", decision_.question},
                        {"reference", decision_.reference},
                        {"file", decision_.file.string()},
                        {"text", decision_.text},
                        {"sha256", sha256_hex(decision_.text)}}},
                      {"experiments", std::move(experiments)},
                      {"conformance", std::move(rules)},
                      {"matrix", std::move(proxies)}};
  if (quick_) result["run"].as_object()["quick"] = true;
  return result;
}

}  // namespace pushlab::driver

#include "driver/decision_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <deque>
#include <fstream>
#include <sstream>

#include "driver/build_info.hpp"
#include "driver/extension.hpp"
#include "driver/interrupt.hpp"
#include "driver/machine.hpp"
#include "driver/nearest_name.hpp"
#include "driver/process.hpp"
#include "driver/result_writer.hpp"
#include "results/claims.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::minutes longest_check{15};

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

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
class Conform {
 public:
  Conform(std::vector<std::string> const& arguments, fs::path out, fs::path log)
      : out_(std::move(out)), log_(std::move(log)), child_(plan(arguments)) {}

  fs::path const& out() const { return out_; }
  fs::path const& log() const { return log_; }

  // Why it gave nothing, or "". Broken rules are findings, not failures.
  std::string finish() {
    auto const status = child_.wait(longest_check);
    if (interrupted()) throw RunInterrupted();
    if (!status) return "it did not end in time";
    return status->signal != 0 || status->code > 1 ? status->text() : "";
  }

 private:
  SpawnPlan plan(std::vector<std::string> const& arguments) const {
    SpawnPlan plan;
    plan.command = {fs::read_symlink("/proc/self/exe").string(), "conform"};
    plan.command.insert(plan.command.end(), arguments.begin(), arguments.end());
    plan.stdout_file = out_;
    plan.stderr_file = log_;
    return plan;
  }

  fs::path out_;
  fs::path log_;
  Process child_;
};

json::value parsed(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  boost::system::error_code error;
  auto value = json::parse(text.str(), error);
  return error ? json::value() : value;
}

json::object rules_of(DecisionFile::Conformance const& asked, Conform& check) {
  auto const& target = asked.target;
  auto const problem = check.finish();
  auto const report = problem.empty() ? parsed(check.out()) : json::value();
  json::object row{{"target", target}, {"tls", asked.tls}, {"cases", json::array{}}};
  if (report.is_object() && report.get_object().contains("cases"))
    row["cases"] = report.get_object().at("cases");
  else
    row["error"] =
        fmt::format("pushlab conform {}: {}; see {}", target,
                    problem.empty() ? "it gave no report" : problem, check.log().string());
  return row;
}

json::value matrix_of(Conform& check, fs::path const& folder) {
  auto const problem = check.finish();
  auto const file = folder / "proxy-matrix.json";
  if (fs::exists(file)) return parsed(file);
  fmt::print(stderr, "pushlab: the proxies were not measured: {}; see {}\n", problem,
             check.log().string());
  return nullptr;
}

}  // namespace

DecisionRun::DecisionRun(DecisionFile decision, bool quick, std::vector<std::string> const& only)
    : decision_(std::move(decision)), quick_(quick), all_(only.empty()) {
  keep_only(decision_.experiments, only);
  for (auto const& given : decision_.experiments)
    runs_.emplace_back(quick_ ? given.quick : given.scenario, std::vector<std::string>());
}

json::object DecisionRun::experiment(std::size_t number, fs::path const& folder) {
  auto const& given = decision_.experiments[number];
  auto const here = folder / given.name;
  fs::create_directories(here);
  auto& run = runs_[number];
  run.set_label(
      fmt::format("{} ({} of {}) ", given.name, number + 1, decision_.experiments.size()));
  auto result = run.execute(here, folder.filename().string() + "/" + given.name);
  if (quick_) result["run"].as_object()["quick"] = true;
  summarise(result);
  write_result(result, here / "result.json");
  if (interrupted()) throw RunInterrupted();
  return {{"name", given.name},
          {"title", given.scenario.title},
          {"question", given.question},
          {"compression", given.compression},
          {"result", std::move(result)}};
}

// Rules and proxies mostly wait, and none of them is timed to the millisecond: all at once.
void DecisionRun::check(fs::path const& folder, json::object& result) const {
  std::deque<Conform> checks;  // in place: a child cannot be moved
  for (auto const& [target, cases, tls] : decision_.conformance) {
    auto const name = fmt::format("conform-{}", checks.size() + 1);
    std::vector<std::string> arguments{target, "--json", "--case",
                                       fmt::format("{}", fmt::join(cases, ","))};
    if (tls) arguments.emplace_back("--tls");
    if (quick_) arguments.emplace_back("--listen=60");
    checks.emplace_back(arguments, folder / (name + ".json"), folder / (name + ".log"));
  }
  if (decision_.matrix) {
    std::vector<std::string> arguments{"--matrix", "--out", folder.string()};
    if (decision_.silence_s > 0 && !quick_)
      arguments.push_back(fmt::format("--silence={}", decision_.silence_s));
    checks.emplace_back(arguments, folder / "matrix.txt", folder / "matrix.log");
  }
  StatusLine status;
  status.show("rules of the checker, and what proxies do: a minute and a half");
  auto& rules = result["conformance"].as_array();
  for (std::size_t i = 0; i < decision_.conformance.size(); ++i)
    rules.push_back(rules_of(decision_.conformance[i], checks[i]));
  if (decision_.matrix) result["matrix"] = matrix_of(checks.back(), folder);
}

// Looks at the claims for the first time.
void DecisionRun::extend(fs::path const& folder, json::object& result, double within_s) {
  auto judged = result;
  results::judge_claims(judged);
  for (auto const& [number, targets, blocks] : plan_extensions(judged, within_s)) {
    auto& entry = result.at("experiments").as_array()[number].as_object();
    entry["extended"] = {{"targets", json::value_from(targets)}, {"blocks", blocks}};
    auto& experiment = entry.at("result").as_object();
    auto const here = folder / decision_.experiments[number].name;
    runs_[number].set_label(fmt::format("{}, once more ", decision_.experiments[number].name));
    runs_[number].extend(targets, blocks, here, experiment);
    summarise(experiment);
    write_result(experiment, here / "result.json");
    if (interrupted()) throw RunInterrupted();
  }
}

json::object DecisionRun::execute(fs::path const& folder, std::string const& run_id,
                                  json::array const& claims) {
  auto const started = utc_now();
  auto const begin = Clock::now();
  MachineShares const shares;
  json::array experiments;
  for (std::size_t i = 0; i < decision_.experiments.size(); ++i)
    experiments.push_back(experiment(i, folder));
  json::object checked{{"conformance", json::array{}}, {"matrix", nullptr}};
  if (all_) check(folder, checked);
  json::object result{{"schema", "pushlab.decision/1"},
                      {"run", {{"id", run_id}, {"started", started}, {"pushlab", build_info()}}},
                      {"decision",
                       {{"name", decision_.name},
                        {"title", decision_.title},
                        {"question", decision_.question},
                        {"file", decision_.file.string()},
                        {"text", decision_.text},
                        {"sha256", sha256_hex(decision_.text)}}},
                      {"experiments", std::move(experiments)},
                      {"conformance", std::move(checked["conformance"])},
                      {"matrix", std::move(checked["matrix"])},
                      {"claims", claims}};
  if (quick_)
    result["run"].as_object()["quick"] = true;
  else
    extend(folder, result, decision_.extend_until_s - seconds_since(begin));
  auto machine = machine_facts();
  auto const used = shares.now();
  machine["steal_share"] = used.steal;
  machine["other_cpu_share"] = used.other_cpu;
  result["machine"] = std::move(machine);
  result["run"].as_object()["duration_s"] = seconds_since(begin);
  return result;
}

}  // namespace pushlab::driver

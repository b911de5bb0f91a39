#include "driver/result_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "driver/commands.hpp"
#include "driver/input_error.hpp"
#include "report/decision_record.hpp"
#include "report/figure_files.hpp"
#include "report/html.hpp"
#include "report/target_pages.hpp"
#include "results/baseline.hpp"
#include "results/claims.hpp"
#include "results/cost.hpp"
#include "results/crossover.hpp"
#include "results/decision.hpp"
#include "results/decision_table.hpp"
#include "results/hdr_log.hpp"
#include "results/summary.hpp"
#include "results/table.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace fs = std::filesystem;

void write_whole(std::string const& text, fs::path const& file) {
  auto const partial = file.string() + ".partial";
  std::ofstream out(partial, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) throw std::runtime_error(partial + ": cannot write it: is the disk full?");
  fs::rename(partial, file);
}

json::object read_object(fs::path const& file, std::string_view wanted) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw InputError(fmt::format("{}: cannot read it: give {}", file.string(), wanted));
  boost::system::error_code error;
  auto value = json::parse(text.str(), error);
  if (error || !value.is_object())
    throw InputError(fmt::format("{}: {}: give {}", file.string(),
                                 error ? error.message() : "no JSON object", wanted));
  return std::move(value.as_object());
}

namespace {

bool has_loss(json::object const& target) {
  for (auto const& repetition : target.at("repetitions").as_array()) {
    auto const* lost = repetition.as_object().if_contains("lost");
    if (lost && lost->is_number() && lost->to_number<double>() > 0) return true;
  }
  return false;
}

}  // namespace

bool is_decision(json::object const& result) {
  auto const* schema = result.if_contains("schema");
  return schema && *schema == "pushlab.decision/1";
}

void summarise(json::object& result) {
  if (is_decision(result)) {
    for (auto& experiment : result.at("experiments").as_array())
      summarise(experiment.at("result").as_object());
    return judge(result);
  }
  results::summarise(result);
  bool valid = true;
  for (auto const& target : result["targets"].as_array())
    valid = valid && target.as_object().at("valid").as_bool();
  result["run"].as_object()["valid"] = valid;
}

void judge(json::object& decision) {
  auto const& experiments = decision.at("experiments").as_array();
  // The options were compared in the first one; what was invalid elsewhere is said by the reports.
  decision["run"].as_object()["valid"] =
      !experiments.empty() && experiments.front().at("result").at("run").at("valid").as_bool();
  if (auto const* prices = decision.if_contains("prices"); prices && prices->is_object()) {
    for (auto& experiment : decision.at("experiments").as_array()) {
      auto& result = experiment.at("result").as_object();
      result["costs"] = results::cost_ledger(result, prices->get_object());
    }
  }
  results::judge_claims(decision);
  decision["crossovers"] = results::crossovers(decision);
  decision["verdict"] = results::decide(decision);
}

int exit_status_of(json::object const& result) {
  if (!result.at("run").as_object().at("valid").as_bool()) return invalid_run;
  for (auto const& target : result.at("targets").as_array()) {
    if (has_loss(target.as_object())) return fell_short;
  }
  return 0;
}

void write_result(json::object const& result, fs::path const& file) {
  write_whole(json::serialize(result) + "\n", file);
}

void write_report(std::vector<json::object> const& results, json::object const& matrix,
                  fs::path const& file) {
  write_whole(report::html(results, matrix), file);
}

void write_page(std::string const& page, fs::path const& file) {
  write_whole(page, file);
}

void write_hlog(json::object const& result, fs::path const& file) {
  write_whole(results::hdr_log(result), file);
}

std::size_t write_figures(std::vector<json::object> const& results, fs::path const& folder) {
  fs::create_directories(folder);
  auto const figures = report::figure_files(results);
  for (auto const& figure : figures) write_whole(figure.text, folder / figure.name);
  return figures.size();
}

std::size_t write_pages(std::vector<json::object> const& results, fs::path const& folder) {
  fs::create_directories(folder);
  auto const pages = report::target_pages(results);
  for (auto const& page : pages) write_whole(page.text, folder / page.name);
  return pages.size();
}

json::object read_result(fs::path const& folder_or_file) {
  auto const file =
      fs::is_directory(folder_or_file) ? folder_or_file / "result.json" : folder_or_file;
  return read_object(file, "a result.json that pushlab run wrote");
}

json::object read_matrix(fs::path const& file) {
  constexpr auto wanted = "a proxy-matrix.json that pushlab conform --matrix --out wrote";
  auto matrix = read_object(file, wanted);
  auto const* tables = matrix.if_contains("tables");
  if (!tables || !tables->is_array())
    throw InputError(fmt::format("{}: there are no tables in it: give {}", file.string(), wanted));
  return matrix;
}

std::string compare_with_baseline(json::object& result, json::object baseline) {
  if (is_decision(result) || is_decision(baseline))
    throw InputError(
        "--baseline compares two runs of a scenario: a decision is many, give a run and a run");
  summarise(baseline);
  result["baseline"] = results::against_baseline(result, baseline);
  return results::baseline_table(result.at("baseline").as_object());
}

std::string table(json::object const& result) {
  return results::table(result);
}

std::string decision_table(json::object const& decision) {
  return results::decision_table(decision);
}

std::vector<std::string> criteria() {
  std::vector<std::string> ids;
  for (auto const& criterion : results::criteria()) ids.emplace_back(criterion.id);
  return ids;
}

json::object decide(json::object const& run, Weights const& weights) {
  return results::decide(run, weights);
}

std::string decision_lines(json::object const& decision, json::object const* by_default) {
  return report::decision_lines(decision, by_default);
}

std::string decision_record(json::object const& run, json::object const& decision,
                            json::object const* by_default, RecordPlace const& place) {
  auto const crossovers = results::crossovers(run);
  auto const link = fs::proximate(place.run_folder, place.from).generic_string();
  std::vector<std::string> figures;
  if (auto const folder = place.run_folder / "figures"; fs::is_directory(folder)) {
    for (auto const& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".svg")
        figures.push_back("figures/" + entry.path().filename().string());
  }
  std::ranges::sort(figures);
  return report::decision_record({.run = run,
                                  .decision = decision,
                                  .by_default = by_default,
                                  .crossovers = crossovers,
                                  .folder = link == "." ? "" : link + "/",
                                  .figures = figures,
                                  .report = fs::exists(place.run_folder / "report.html"),
                                  .command = place.command});
}

void write_record(std::string const& record, fs::path const& file) {
  write_whole(record, file);
}

}  // namespace pushlab::driver

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>

#include "driver/commands.hpp"
#include "driver/gate_writer.hpp"
#include "driver/input_error.hpp"
#include "driver/recorded_run.hpp"
#include "driver/report_history.hpp"
#include "driver/result_writer.hpp"

namespace pushlab::driver {
namespace {

struct ReportFlags {
  std::vector<std::string> runs;
  std::string matrix;
  std::string out;
  std::string hlog;
  std::string figures;
  std::string pages;
  std::string history;
  std::string baseline;
  bool json = false;
};

std::filesystem::path folder_of(std::filesystem::path const& run) {
  return std::filesystem::is_directory(run) ? run : run.parent_path();
}

// What proxies do is part of the report when it was recorded into the first run's folder.
boost::json::object matrix_of(ReportFlags const& flags,
                              std::vector<boost::json::object> const& results) {
  if (!flags.matrix.empty()) return read_matrix(flags.matrix);
  if (is_decision(results.front())) return {};  // it has its own
  auto const beside = folder_of(flags.runs.front()) / "proxy-matrix.json";
  return std::filesystem::exists(beside) ? read_matrix(beside) : boost::json::object{};
}

void print_tables(boost::json::object const& result) {
  if (!is_decision(result)) {
    fmt::print("{}\n", table(result));
    return;
  }
  fmt::print("{}\n", decision_table(result));
}

// A gate has files of its own, all in its folder; the figures in gate.json stay as they are.
int report_gate(ReportFlags const& flags) {
  if (flags.runs.size() > 1)
    throw InputError(flags.runs.front() + ": a gate is reported alone: name a single one");
  for (auto const* other :
       {&flags.matrix, &flags.out, &flags.hlog, &flags.figures, &flags.pages, &flags.baseline}) {
    if (!other->empty())
      throw InputError(*other + ": a gate's files go beside its gate.json: leave the option out");
  }
  auto const gate = read_gate(flags.runs.front());
  auto const folder = folder_of(flags.runs.front());
  fmt::print("{}", gate_lines(gate));
  rewrite_gate_files(gate, folder);
  fmt::print("{}\n", (folder / "report.html").string());
  return 0;
}

void check(ReportFlags const& flags) {
  if (flags.history.empty() == flags.runs.empty())
    throw InputError("report: name runs, or a folder of them with --history, one of the two");
  if (flags.json && flags.history.empty())
    throw InputError("--json prints the facts of a --history: give a folder with runs");
  if (!flags.baseline.empty() && flags.runs.size() != 1)
    throw InputError("--baseline: one run is compared with it: name a single run");
}

std::vector<boost::json::object> read_runs(ReportFlags const& flags) {
  std::vector<boost::json::object> results;
  for (auto const& run : flags.runs) {
    with_recorded(run, [&] {
      results.push_back(read_result(run));
      summarise(results.back());
      print_tables(results.back());
    });
  }
  if (!flags.baseline.empty()) {
    with_recorded(flags.baseline, [&] {
      fmt::print("{}\n", compare_with_baseline(results.front(), read_result(flags.baseline)));
    });
  }
  return results;
}

void write_files(ReportFlags const& flags, std::vector<boost::json::object> const& results) {
  if (!flags.hlog.empty()) {
    write_hlog(results.front(), flags.hlog);
    fmt::print("{}\n", flags.hlog);
  }
  std::filesystem::path file = flags.out;
  if (file.empty()) file = folder_of(flags.runs.front()) / "report.html";
  write_report(results, matrix_of(flags, results), file);
  fmt::print("{}\n", file.string());
  if (!flags.figures.empty())
    fmt::print("{}: {} figures\n", flags.figures, write_figures(results, flags.figures));
  if (!flags.pages.empty())
    fmt::print("{}: {} pages, index.html first\n", flags.pages, write_pages(results, flags.pages));
}

int report(ReportFlags const& flags) {
  check(flags);
  if (!flags.history.empty()) return report_history(flags.history, flags.out, flags.json);
  if (std::ranges::any_of(flags.runs, is_gate)) return report_gate(flags);
  if (!flags.hlog.empty() && flags.runs.size() > 1)
    throw InputError("--hlog: one log holds one run: name a single run");
  auto const results = read_runs(flags);
  with_recorded(fmt::format("{}", fmt::join(flags.runs, ", ")),
                [&] { write_files(flags, results); });
  return 0;
}

}  // namespace

void add_report_command(CLI::App& app, int& exit_status) {
  auto* command = app.add_subcommand(
      "report", "Compute the figures of recorded runs again; print the table, write report.html");
  auto flags = std::make_shared<ReportFlags>();
  command->add_option(
      "runs", flags->runs,
      "Run folders or result.json files; or the folder of one gate, whose files are written again");
  command->add_option("--history", flags->history,
                      "Instead of runs: a folder; draws each figure over all results below it, and "
                      "lists where it changed its level for good");
  command->add_flag("--json", flags->json, "With --history: print the facts as one JSON object");
  command->add_option("--baseline", flags->baseline,
                      "A stored run or result.json to compare the run with, times as multiples of "
                      "the null server's; it never fails the run");
  command->add_option("--matrix", flags->matrix,
                      "A proxy-matrix.json of conform --matrix --out, to be part of the page "
                      "(default: the one in the first run's folder, where there is one)");
  command->add_option(
      "--out", flags->out,
      "The page (default: report.html in the first run, history.html in the history's folder)");
  command->add_option("--hlog", flags->hlog,
                      "Also write the run's histograms to this file, as an HdrHistogram log that "
                      "other tools read");
  command->add_option("--figures", flags->figures,
                      "Folder for every figure as an SVG file of its own, to embed elsewhere");
  command->add_option(
      "--pages", flags->pages,
      "Folder for a page of every target: figures, repetitions, checks, index.html");
  command->footer(
      "Examples: pushlab report results/20261121-023000-quick\n"
      "          pushlab report --history results");
  command->callback([flags, &exit_status] { exit_status = report(*flags); });
}

}  // namespace pushlab::driver

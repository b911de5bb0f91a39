#include <fmt/format.h>

#include <boost/json.hpp>

#include "driver/commands.hpp"
#include "driver/result_writer.hpp"

namespace pushlab::driver {
namespace {

struct ReportFlags {
  std::vector<std::string> runs;
  std::string out;
};

int report(ReportFlags const& flags) {
  std::vector<boost::json::object> results;
  for (auto const& run : flags.runs) {
    results.push_back(read_result(run));
    summarise(results.back());
    fmt::print("{}\n", table(results.back()));
  }
  std::filesystem::path file = flags.out;
  if (file.empty()) {
    std::filesystem::path const first = flags.runs.front();
    auto const folder = std::filesystem::is_directory(first) ? first : first.parent_path();
    file = folder / "report.html";
  }
  write_report(results, file);
  fmt::print("{}\n", file.string());
  return 0;
}

}  // namespace

void add_report_command(CLI::App& app, int& exit_status) {
  auto* command = app.add_subcommand(
      "report", "Compute the figures of recorded runs again; print the table, write report.html");
  auto flags = std::make_shared<ReportFlags>();
  command->add_option("runs", flags->runs, "Run folders or result.json files")->required();
  command->add_option("--out", flags->out, "The page (default: report.html in the first run)");
  command->footer("Example: pushlab report results/20261121-023000-quick");
  command->callback([flags, &exit_status] { exit_status = report(*flags); });
}

}  // namespace pushlab::driver

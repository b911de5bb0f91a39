#include "driver/report_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <string>
#include <vector>

#include "driver/input_error.hpp"
#include "driver/recorded_run.hpp"
#include "driver/result_writer.hpp"
#include "report/history_page.hpp"
#include "results/history.hpp"
#include "results/read.hpp"
#include "results/summary.hpp"

namespace pushlab::driver {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> results_below(fs::path const& folder) {
  if (!fs::is_directory(folder))
    throw InputError(fmt::format("--history {}: there is no such folder: give one with runs in it",
                                 folder.string()));
  std::vector<fs::path> files;
  for (auto const& entry :
       fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied)) {
    if (entry.is_regular_file() && entry.path().filename() == "result.json")
      files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

// One result at a time: together they may be more than the memory.
std::vector<results::HistoryEntry> read_entries(std::vector<fs::path> const& files,
                                                std::vector<std::string>& notes) {
  std::vector<results::HistoryEntry> entries;
  for (auto const& file : files) {
    try {
      with_recorded(file.string(), [&] {
        auto result = read_result(file);
        auto const schema = results::text_at(result, "schema");
        if (schema != results::schema_name)
          throw InputError(fmt::format("{}: its schema is \"{}\", not \"{}\"", file.string(),
                                       schema, results::schema_name));
        entries.push_back(results::history_entry(std::move(result)));
      });
    } catch (InputError const& error) {
      notes.push_back(fmt::format("Left out: {}", error.what()));
    }
  }
  return entries;
}

}  // namespace

int report_history(fs::path const& folder, fs::path const& page, bool json) {
  std::vector<std::string> notes;
  auto const history = results::history(read_entries(results_below(folder), notes));
  auto const file = page.empty() ? folder / "history.html" : page;
  write_page(report::history_page(history, notes), file);
  if (json) {
    auto facts = results::to_json(history);
    facts["left_out"] = boost::json::value_from(notes);
    facts["page"] = file.string();
    fmt::print("{}\n", boost::json::serialize(facts));
    return 0;
  }
  for (auto const& note : notes) fmt::print(stderr, "{}\n", note);
  fmt::print("{}{}\n", results::history_lines(history), file.string());
  return 0;
}

}  // namespace pushlab::driver

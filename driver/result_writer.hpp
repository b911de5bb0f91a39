#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pushlab::driver {

// Whether it holds experiments (pushlab.decision/1) instead of targets.
bool is_decision(boost::json::object const& result);

// Adds the figures, the comparisons and run.valid; the one place that knows results/.
void summarise(boost::json::object& result);

// The same for a decision: what is judged from all experiments together.
void judge(boost::json::object& decision);

// 3 when a target is invalid, 1 when deliveries were lost, else 0.
int exit_status_of(boost::json::object const& result);

// All write to a temporary name first, so that a file with the right name is whole. Throw
// std::runtime_error naming the file.
void write_whole(std::string const& text, std::filesystem::path const& file);
void write_result(boost::json::object const& result, std::filesystem::path const& file);
void write_report(std::vector<boost::json::object> const& results,
                  boost::json::object const& matrix, std::filesystem::path const& file);
void write_page(std::string const& page, std::filesystem::path const& file);

// The histograms of one run for other tools; see results/hdr_log.hpp.
void write_hlog(boost::json::object const& result, std::filesystem::path const& file);

// Stand-alone SVG files, and a page for each target with an index; both say how many files.
std::size_t write_figures(std::vector<boost::json::object> const& results,
                          std::filesystem::path const& folder);
std::size_t write_pages(std::vector<boost::json::object> const& results,
                        std::filesystem::path const& folder);

// A JSON object; `wanted` tells the user what to give instead of what is no such file. Throws
// InputError.
boost::json::object read_object(std::filesystem::path const& file, std::string_view wanted);
// result.json of a run folder, or the file itself; throws InputError.
boost::json::object read_result(std::filesystem::path const& folder_or_file);
// What `pushlab conform --matrix --out` recorded; throws InputError.
boost::json::object read_matrix(std::filesystem::path const& file);

// Adds `baseline` to a summarised run: how it compares with a stored one. Returns the terminal's
// table of it. Throws InputError when one of them is a decision.
std::string compare_with_baseline(boost::json::object& result, boost::json::object baseline);

// The comparison table for the terminal.
std::string table(boost::json::object const& result);
std::string decision_table(boost::json::object const& decision);

// What a decision is made by; the weights may name criteria only. See results/decision.hpp.
using Weights = std::map<std::string, double, std::less<>>;
std::vector<std::string> criteria();
boost::json::object decide(boost::json::object const& run, Weights const& weights);
// In a few lines for the terminal; `by_default` may be null.
std::string decision_lines(boost::json::object const& decision,
                           boost::json::object const* by_default);
// Markdown, with links as seen from the folder `from`.
struct RecordPlace {
  std::filesystem::path run_folder;
  std::filesystem::path from;
  std::string command;
};
std::string decision_record(boost::json::object const& run, boost::json::object const& decision,
                            boost::json::object const* by_default, RecordPlace const& place);
void write_record(std::string const& record, std::filesystem::path const& file);

}  // namespace pushlab::driver

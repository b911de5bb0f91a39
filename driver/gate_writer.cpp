#include "driver/gate_writer.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "driver/input_error.hpp"
#include "driver/result_writer.hpp"
#include "report/gate_files.hpp"
#include "report/gate_lines.hpp"
#include "report/gate_markdown.hpp"

namespace pushlab::driver {
namespace fs = std::filesystem;
namespace {

constexpr auto file_name = "gate.json";

fs::path gate_file(fs::path const& folder_or_file) {
  return fs::is_directory(folder_or_file) ? folder_or_file / file_name : folder_or_file;
}

// A step of GitHub Actions shows this file; other programs of the step may have written to it.
void append_step_summary(std::string const& text) {
  auto const* file = std::getenv("GITHUB_STEP_SUMMARY");
  if (file == nullptr || *file == '\0') return;
  std::ofstream out(file, std::ios::binary | std::ios::app);
  out << text;
  out.close();
  if (!out)
    fmt::print(stderr, "{}: cannot append the step summary: it is in summary.md instead\n", file);
}

}  // namespace

void write_gate_files(results::GateReport const& report, fs::path const& folder) {
  fs::create_directories(folder);
  write_whole(boost::json::serialize(results::to_json(report)) + "\n", folder / file_name);
  rewrite_gate_files(report, folder);
  append_step_summary(report::gate_markdown(report));
}

void rewrite_gate_files(results::GateReport const& report, fs::path const& folder) {
  for (auto const& file : report::gate_files(report)) write_whole(file.text, folder / file.name);
}

bool is_gate(fs::path const& folder_or_file) {
  auto const file = gate_file(folder_or_file);
  return file.filename() == file_name && fs::exists(file);
}

results::GateReport read_gate(fs::path const& folder_or_file) {
  constexpr auto wanted = "a gate.json that pushlab gate wrote";
  auto const file = gate_file(folder_or_file);
  auto const object = read_object(file, wanted);
  try {
    return results::gate_from_json(object);
  } catch (boost::system::system_error const& error) {  // without the place in its source
    throw InputError(fmt::format("{}: {}: give {}", file.string(), error.code().message(), wanted));
  } catch (std::exception const& error) {
    throw InputError(fmt::format("{}: {}: give {}", file.string(), error.what(), wanted));
  }
}

std::string gate_lines(results::GateReport const& report) {
  return report::gate_lines(report);
}

}  // namespace pushlab::driver

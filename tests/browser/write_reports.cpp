// Writes the reports that the browser test opens: write_reports REFERENCE_RESULT DIRECTORY
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "report/figure_files.hpp"
#include "report/gate_page.hpp"
#include "report/history_page.hpp"
#include "report/html.hpp"
#include "report/target_pages.hpp"
#include "results/summary.hpp"
#include "tests/unit/report/sample_gate.hpp"
#include "tests/unit/results/sample_decision.hpp"
#include "tests/unit/results/sample_history.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace json = boost::json;
using namespace pushlab;

namespace {

json::object read(char const* path) {
  std::ifstream file(path);
  std::string const text{std::istreambuf_iterator<char>(file), {}};
  return json::parse(text).as_object();
}

void write_text(std::filesystem::path const& path, std::string const& text) {
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw std::runtime_error(fmt::format("cannot write {}", path.string()));
}

void write(std::filesystem::path const& path, std::vector<json::object> const& results) {
  write_text(path, report::html(results));
}

// Nothing went well here: a hostile title, losses, an invalid target, one that never ran, figures
// that are missing.
json::object troubled() {
  auto targets = sample::five_targets();
  targets[0].title = "</script><b>SSE</b><!--";
  targets[1].lost = 30;
  json::object result = sample::result({}, targets);
  json::array& list = result["targets"].as_array();
  for (std::size_t const repetition : {1U, 2U}) {
    json::object& generator =
        list[2].at("repetitions").at(repetition).as_object()["generator"].as_object();
    generator["valid"] = false;
    generator["invalid_reasons"] = json::array{"the load generator used 97 % of its core"};
  }
  for (json::value& repetition : list[3].at("repetitions").as_array()) {
    repetition.as_object()["error"] = "the server did not become ready within 10 s";
  }
  for (json::value& repetition : list[4].at("repetitions").as_array()) {
    repetition.as_object().erase("server");
    repetition.as_object().erase("series");
  }
  result["run"].as_object()["valid"] = false;
  return result;
}

// The page, one figure and one target's page of it.
void write_decision(std::filesystem::path const& directory) {
  std::vector<json::object> const decision{sample::decision()};
  write(directory / "decision.html", decision);
  for (auto const& figure : report::figure_files(decision)) {
    if (figure.name == "fan-out-latency.svg") write_text(directory / figure.name, figure.text);
  }
  for (auto const& page : report::target_pages(decision)) {
    if (page.name == "sse.html") write_text(directory / "target.html", page.text);
  }
}

void write_history(std::filesystem::path const& file, std::size_t count) {
  std::vector<results::HistoryEntry> entries;
  for (json::object& one : sample::history(count))
    entries.push_back(results::history_entry(std::move(one)));
  write_text(file, report::history_page(results::history(std::move(entries)), {}));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: write_reports REFERENCE_RESULT DIRECTORY\n";
    return 2;
  }
  std::filesystem::path const directory = argv[2];
  std::filesystem::create_directories(directory);
  json::object const reference = read(argv[1]);
  write(directory / "reference.html", {reference});
  write(directory / "troubled.html", {troubled()});
  write_decision(directory);
  write_text(directory / "gate.html", report::gate_page(sample::gate()));
  write_text(directory / "hostile-gate.html", report::gate_page(sample::hostile_gate()));
  write_history(directory / "history.html", 60);
  write_history(directory / "short-history.html", 4);
  write(directory / "several.html",
        {reference, troubled(), sample::result({}, sample::five_targets())});
}

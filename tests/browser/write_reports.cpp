// Writes the reports that the browser test opens: write_reports REFERENCE_RESULT DIRECTORY
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "report/html.hpp"
#include "results/summary.hpp"
#include "tests/unit/results/sample_decision.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace json = boost::json;
using namespace pushlab;

namespace {

json::object read(char const* path) {
  std::ifstream file(path);
  std::string const text{std::istreambuf_iterator<char>(file), {}};
  return json::parse(text).as_object();
}

void write(std::filesystem::path const& path, std::vector<json::object> const& results) {
  std::ofstream file(path);
  file << report::html(results);
  if (!file.flush()) throw std::runtime_error(fmt::format("cannot write {}", path.string()));
}

// Nothing went well here: a hostile title, losses, an invalid target, one that never ran, figures
// that are missing.
json::object troubled() {
  auto targets = sample::five_targets();
  targets[0].title = "</script><b>SSE</b><!--";
  targets[1].lost = 30;
  json::object result = sample::result({}, targets);
  json::array& list = result["targets"].as_array();
  json::object& generator = list[2].at("repetitions").at(1).as_object()["generator"].as_object();
  generator["valid"] = false;
  generator["invalid_reasons"] = json::array{"the load generator used 97 % of its core"};
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
  write(directory / "decision.html", {sample::decision()});
  write(directory / "several.html",
        {reference, troubled(), sample::result({}, sample::five_targets())});
}

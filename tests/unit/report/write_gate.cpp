// Writes a sample gate, for eyes and for new golden files: write_gate gate|passed|hostile FOLDER
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "report/gate_files.hpp"
#include "report/gate_lines.hpp"
#include "tests/unit/report/sample_gate.hpp"

using namespace pushlab;

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: write_gate gate|passed|hostile FOLDER\n";
    return 2;
  }
  std::string const which = argv[1];
  std::filesystem::path const folder = argv[2];
  auto const report = which == "passed"    ? sample::passed_gate()
                      : which == "hostile" ? sample::hostile_gate()
                                           : sample::gate();
  std::filesystem::create_directories(folder);
  for (auto const& file : report::gate_files(report))
    std::ofstream(folder / file.name) << file.text;
  std::ofstream(folder / "gate.json") << boost::json::serialize(results::to_json(report)) << '\n';
  std::ofstream(folder / "lines.txt") << report::gate_lines(report);
}

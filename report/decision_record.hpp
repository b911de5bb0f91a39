#pragma once
// A decision record in the form of MADR 4.0.0 (adr.github.io/madr), from what was measured.

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace pushlab::report {

struct Record {
  boost::json::object const& run;       // pushlab.decision/1 or pushlab.result/1, summarised
  boost::json::object const& decision;  // results::decide()
  // The decision by the default weights, when the reader gave others.
  boost::json::object const* by_default = nullptr;
  boost::json::array const& crossovers;   // results::crossovers()
  std::string folder = {};                // of the run, as links in the record begin: "" or "../x/"
  std::vector<std::string> figures = {};  // "figures/latency.svg"
  bool report = false;                    // there is a report.html in the folder
  std::string command = {};               // that wrote the record
};

std::string decision_record(Record const& record);

// The decision in a few lines for the terminal.
std::string decision_lines(boost::json::object const& decision,
                           boost::json::object const* by_default);

}  // namespace pushlab::report

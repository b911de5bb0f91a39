#pragma once
// What a report is made of, before it is a page or files.

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "report/chart.hpp"

namespace pushlab::report {

struct Content {
  std::string title;
  std::string body;
  std::vector<Chart> charts;
};

// Summarises what is not yet.
Content content(std::vector<boost::json::object> const& results);

// A result and where it is: an experiment, or a run.
struct Source {
  std::string name;  // of the experiment or scenario
  std::string title;
  std::string path;  // in its result.json, "experiments[0].result."
  boost::json::object result;
};
// Summarised and coloured; the experiments of a decision one by one.
std::vector<Source> sources(std::vector<boost::json::object> const& results);

// A page with everything inline. `end` stands behind <main>.
std::string page(std::string const& title, std::string const& body, std::string const& end);
std::string footer();
std::string scripts(std::vector<Chart> const& charts);

}  // namespace pushlab::report

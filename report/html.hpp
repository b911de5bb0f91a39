#pragma once
// The report: one HTML file that needs no network, for a reader who has never seen the project.

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace pushlab::report {

// A page of its own: nothing is loaded. The title is text, the body HTML.
std::string page(std::string const& title, std::string const& body);

// One section per result and, for several, a comparison of the runs above them. A result without an
// answer is summarised first. Throws results::ResultError when one cannot be read.
std::string html(std::vector<boost::json::object> const& results);

}  // namespace pushlab::report

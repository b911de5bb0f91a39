#pragma once
// The report: one HTML file that needs no network, for a reader who has never seen the project.

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace pushlab::report {

// One decision alone (pushlab.decision/1): the answer, the claims, what they rest on. Else one
// section per result and, for several, a comparison of the runs above them; then what proxies
// did, where there is a matrix (a proxy-matrix.json). A result without an answer is summarised
// first. Throws results::ResultError when one cannot be read.
std::string html(std::vector<boost::json::object> const& results,
                 boost::json::object const& matrix = {});

// A matrix alone, in the same look.
std::string matrix_html(boost::json::object const& matrix);

}  // namespace pushlab::report

#pragma once
// The files that every report carries; they are compiled into the program by embed.cmake.

#include <string>
#include <string_view>

namespace pushlab::report {

// "report.css", "report.js", "uPlot.iife.min.js", "uPlot.min.css", "LICENSE" (uPlot's). Empty for
// one that the build did not find.
std::string asset(std::string_view name);

}  // namespace pushlab::report

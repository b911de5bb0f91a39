// A recorded schedule: one JSON object a line, {"t":12.5,"name":"t3","bytes":400}.
//
// `t` is in seconds and never falls; `name` is one of the plan's (t0, t1, ...) and `bytes` the size
// of the whole notification, both optional. Other members are ignored, empty lines, too.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/load_plan.hpp"

namespace pushlab::loadgen {

struct TraceLine {
  double at_s = 0;  // since the first line
  std::optional<std::uint32_t> name;
  std::optional<std::uint32_t> bytes;
};

struct Trace {
  std::vector<TraceLine> lines;
  double period_s = 0;  // of one replay: the last line is followed by a gap of mean length
  double speed = 1;

  double rate() const { return static_cast<double>(lines.size()) / period_s * speed; }
};

// what() is "file:line: what is wrong: how to mend it".
struct BadTrace : std::runtime_error {
  using std::runtime_error::runtime_error;
};

Trace read_trace(std::string const& file, LoadPlan const& plan);
Trace parse_trace(std::string_view text, std::string const& file, LoadPlan const& plan);

}  // namespace pushlab::loadgen

#pragma once
// What a gate says: two builds or servers (base and head) measured at the same time, a verdict for
// each metric.
//
// Effects are shares: 0.05 is "head needs 5 % more than base". Bounds are one-sided, of the error
// rate of the whole sequence of looks.

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushlab::results {

// undecided: neither a clear regression nor clearly none; invalid: the machine or the generator was
// the limit.
enum class GateVerdict : std::uint8_t { pass, fail, undecided, invalid };

std::string_view name_of(GateVerdict verdict);  // "pass", ...

struct GatedMetric {
  std::string id;     // "event_p50_ms", "cpu_us_per_delivery", "stalled_events", "lost", ...
  std::string title;  // "Event, median subscriber"
  std::string unit;   // "ms", "us", "KiB", "share", "" for a count
  GateVerdict verdict = GateVerdict::undecided;
  std::optional<double> base, head;  // typical values, in `unit`
  // Absent where no share makes sense: a count that has to be 0.
  std::optional<double> effect, low, high;
  std::optional<double> tolerance;  // fails when `low` is above it ...
  std::optional<double> limit;      // ... passes when `high` is below it
  std::uint64_t restarts = 0;       // whose figures decided
  std::string reason;               // one clause: "slower by 8.1 %, at least 6.4 %"
};

// One target (a strategy) of the scenario.
struct GatedTarget {
  std::string id;     // "sse"
  std::string title;  // "SSE"
  GateVerdict verdict = GateVerdict::undecided;
  std::vector<GatedMetric> metrics;
  std::uint64_t restarts = 0;
  std::uint64_t discarded = 0;       // invalid ones that were repeated
  std::vector<std::string> invalid;  // why, when the verdict is invalid
  double duration_s = 0;
  boost::json::object raw;  // each restart's values, for who wants to judge again
};

struct GateReport {
  std::string id;        // "gate-20261129T163000Z"
  std::string started;   // "2026-11-29T16:30:00Z"
  std::string scenario;  // its file
  std::string base;      // as the user named them: a folder, a git ref, a target file
  std::string head;
  std::string base_version;  // a commit or a version, empty when unknown
  std::string head_version;
  GateVerdict verdict = GateVerdict::undecided;  // the worst of the targets'
  std::uint64_t seed = 0;
  double duration_s = 0;
  std::vector<GatedTarget> targets;
  boost::json::object machine;
  boost::json::object pushlab;  // build_info()
};

// fail, invalid, undecided, pass: the worst first.
GateVerdict worst(GateVerdict a, GateVerdict b);

// gate.json, schema "pushlab.gate/1".
boost::json::object to_json(GateReport const& report);
GateReport gate_from_json(
    boost::json::object const& json);  // throws std::exception when it is none

}  // namespace pushlab::results

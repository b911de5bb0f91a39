#pragma once
// One restart of a gate: both servers fresh, measured at the same time, brought down to a few
// numbers.

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pushlab::results {

double median(std::vector<double> values);  // REQUIRES: not empty

struct PairedValue {
  double base = 0;  // typical values, in the metric's unit
  double head = 0;
  // ln(head / base); of events and requests the median over adjacent pairs. Absent when one of them
  // is not above 0.
  std::optional<double> effect;
};

// Events whose last subscriber waited for more than three times the restart's median.
struct Stalls {
  std::uint64_t pairs = 0;
  std::uint64_t base = 0;  // stalled on this side, whatever the other did
  std::uint64_t head = 0;
  std::uint64_t only_base = 0;
  std::uint64_t only_head = 0;
};

// A pair begins every `period_s`, the first one with the warm-up.
struct PairTimes {
  double period_s;
  double warmup_s;
};

struct GateRestart {
  std::map<std::string, PairedValue, std::less<>> values;  // by metric
  Stalls stalls;
  // "lost", "duplicates", "refused", ...: how often base and head broke the promise.
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>, std::less<>> faults;
  std::vector<std::string> invalid;  // why it says nothing; empty: valid
  // Also invalid: the machine or the generator could not keep up, so a fault may be theirs.
  bool machine_limited = false;
};

// Adds event medians, p90, last subscribers, stalls, CPU and faults from what `pushlab load
// --arrivals paired` gave for each side. Throws std::exception when these are no such results.
void add_events(GateRestart& restart, boost::json::object const& base,
                boost::json::object const& head, PairTimes times);

// Adds the faults only.
void add_faults(GateRestart& restart, boost::json::object const& base,
                boost::json::object const& head);

// Clients of a side that could not connect: the restart then says nothing else. Returns whether
// there were any.
bool add_refused(GateRestart& restart, unsigned clients, std::uint64_t base, std::uint64_t head);

// A promise that both sides broke says nothing of either: the restart is invalid. Call it last.
void doubt_shared_faults(GateRestart& restart);

// Adds one value from the figures of adjacent pairs (base, head). REQUIRES: not empty, all above 0.
void add_pairs(GateRestart& restart, std::string const& metric,
               std::vector<std::pair<double, double>> const& pairs);
// Adds one value that is measured once a side, and may be 0 or less: memory that was given back.
void add_value(GateRestart& restart, std::string const& metric, double base, double head);

boost::json::object to_json(GateRestart const& restart);
GateRestart restart_from_json(
    boost::json::object const& json);  // throws std::exception when it is none

// As if base were head: what an A/A gate might as well have measured.
GateRestart flipped(GateRestart restart);

}  // namespace pushlab::results

#pragma once
// One restart of a gate: both servers fresh, measured at the same time, brought down to a few
// numbers.

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace pushlab::results {

double median(std::vector<double> values);  // REQUIRES: not empty

struct PairedValue {
  double base = 0;  // typical values, in the metric's unit
  double head = 0;
  double effect = 0;  // ln(head / base); of events and requests the median over adjacent pairs
};

// Events whose last subscriber waited for more than three times the restart's median.
struct Stalls {
  std::uint64_t pairs = 0;
  std::uint64_t base = 0;  // stalled on this side, whatever the other did
  std::uint64_t head = 0;
  std::uint64_t only_base = 0;
  std::uint64_t only_head = 0;
};

struct GateRestart {
  std::map<std::string, PairedValue, std::less<>> values;  // by metric
  Stalls stalls;
  // "lost", "duplicates", "refused", ...: how often base and head broke the promise.
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>, std::less<>> faults;
  std::vector<std::string> invalid;  // why it says nothing; empty: valid
};

// Adds event medians, p90, last subscribers, stalls, CPU and faults from what `pushlab load
// --arrivals paired` gave for each side. Throws std::exception when these are no such results.
void add_events(GateRestart& restart, boost::json::object const& base,
                boost::json::object const& head, double period_s);

// Clients of a side that could not connect: the restart then says nothing else. Returns whether
// there were any.
bool add_refused(GateRestart& restart, unsigned clients, std::uint64_t base, std::uint64_t head);

// Adds one value from the figures of adjacent pairs (base, head). REQUIRES: not empty, all above 0.
void add_pairs(GateRestart& restart, std::string const& metric,
               std::vector<std::pair<double, double>> const& pairs);
// Adds one value that is measured once a side.
void add_value(GateRestart& restart, std::string const& metric, double base, double head);

boost::json::object to_json(GateRestart const& restart);
GateRestart restart_from_json(
    boost::json::object const& json);  // throws std::exception when it is none

// As if base were head: what an A/A gate might as well have measured.
GateRestart flipped(GateRestart restart);

}  // namespace pushlab::results

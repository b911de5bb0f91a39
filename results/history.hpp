#pragma once
// Many results of the same scenario, in the order in which they were measured: a series for each
// target and metric, and where it changed its level for good.

#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "results/change_point.hpp"
#include "results/metric.hpp"

namespace pushlab::results {

// What a history keeps of a result; a result itself is megabytes.
struct HistoryTarget {
  std::string id, title, strategy;
  bool floor = false;  // the null server
  bool valid = true;
  std::map<std::string_view, double> figures = {};  // by metric; the finite ones
};

struct HistoryEntry {
  std::string run, started, commit;
  std::string scenario;  // its name
  std::string load;      // in words
  std::string cpu;       // model
  std::vector<HistoryTarget> targets;
};

// Summarises a result that is not yet. Throws ResultError when it cannot be read.
HistoryEntry history_entry(boost::json::object result);

struct HistoryChange {
  ChangePoint point;  // `index` is one of HistorySeries::values
  std::string also;   // what else changed with that result: "the CPU model"; or empty
};

struct HistorySeries {
  std::string scenario, target, title;
  Metric const* metric = nullptr;
  bool floor = false;
  // Values are multiples of the null server's in the same run. When most of the results have one;
  // the others are left out then.
  bool calibrated = false;
  std::vector<std::size_t> entries = {};  // one a value: its place in History::entries
  std::vector<double> values = {};
  std::vector<HistoryChange> changes = {};
  std::size_t invalid = 0;       // results left out because the target was not measured validly,
  std::size_t uncalibrated = 0;  // or for want of a null server
};

struct History {
  std::vector<HistoryEntry> entries;  // the oldest first
  std::vector<HistorySeries> series;  // by scenario, target and metric; each has values
};

History history(std::vector<HistoryEntry> entries, ChangeRule const& rule = {});

struct FoundChange {
  HistorySeries const* series;
  HistoryChange const* change;
  HistoryEntry const* entry;  // the first result of the new level
};
// All of them, the newest first, of one result in the order of the series; those of null servers
// last. Points into the history.
std::vector<FoundChange> found_changes(History const& history);

// "worse", "better"; "machine" for the null server: no target changed, but what all are measured
// with.
std::string_view direction(FoundChange const& found);
// "rose by 12 %", "rose from 0"
std::string in_words(FoundChange const& found);
// "p = 0.0002", "p < 0.0001"
std::string p_in_words(double p);
// "SSE: Latency, median, rose by 12 % at run X, commit Y, 2026-11-20, p = 0.0002."
std::string sentence(FoundChange const& found);
// With its unit, or as a multiple of the null server's.
std::string value_in_words(HistorySeries const& series, double value);

// One aligned line a change point for the terminal, or that there is none.
std::string history_lines(History const& history);

// Schema pushlab.history/1.
boost::json::object to_json(History const& history);

}  // namespace pushlab::results

#include "results/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "results/calibration.hpp"
#include "results/floor.hpp"
#include "results/format.hpp"
#include "results/read.hpp"
#include "results/summary.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

HistoryTarget history_target(json::object const& target) {
  std::string const id = text_at(target, "id");
  HistoryTarget kept{id, text_at(target, "title", id), text_at(target, "strategy"),
                     is_floor(target), truth_at(target, "valid", true)};
  for (Metric const& metric : metrics()) {
    auto const value = number_at(figure_of(target, metric.id), "value");
    if (metric.better != Better::none && value) kept.figures[metric.id] = *value;
  }
  return kept;
}

HistoryTarget const* floor_of(HistoryEntry const& entry) {
  auto const found = std::ranges::find_if(
      entry.targets, [](HistoryTarget const& target) { return target.floor && target.valid; });
  return found == entry.targets.end() ? nullptr : &*found;
}

// The null server's figure, where a multiple of it can be had.
std::optional<double> calibrator(HistoryEntry const& entry, std::string_view metric) {
  HistoryTarget const* floor = floor_of(entry);
  if (floor == nullptr || !floor->figures.contains(metric)) return std::nullopt;
  double const value = floor->figures.at(metric);
  return value > 0 ? std::optional(value) : std::nullopt;
}

struct Measured {
  std::size_t entry;
  double value;
  std::optional<double> calibrator;
};

void add_values(HistorySeries& series, std::vector<Measured> const& all,
                std::string_view strategy) {
  auto const with = static_cast<std::size_t>(
      std::ranges::count_if(all, [](Measured const& one) { return one.calibrator.has_value(); }));
  series.calibrated =
      !series.floor && depends_on_machine(*series.metric, strategy) && 2 * with > all.size();
  for (Measured const& one : all) {
    if (series.calibrated && !one.calibrator) {
      ++series.uncalibrated;
      continue;
    }
    series.entries.push_back(one.entry);
    series.values.push_back(series.calibrated ? one.value / *one.calibrator : one.value);
  }
}

std::string also_changed(HistoryEntry const& before, HistoryEntry const& after) {
  std::vector<std::string> changed;
  if (before.cpu != after.cpu) changed.emplace_back("the CPU model");
  if (before.load != after.load) changed.emplace_back("the load");
  return list(changed);
}

// Scenarios and targets in the order of their names, each title as it was last.
using Places = std::map<std::pair<std::string, std::string>, HistoryTarget const*>;

Places places(std::vector<HistoryEntry> const& entries) {
  Places found;
  for (HistoryEntry const& entry : entries) {
    for (HistoryTarget const& target : entry.targets) found[{entry.scenario, target.id}] = &target;
  }
  return found;
}

HistorySeries series_of(std::vector<HistoryEntry> const& entries, std::string const& scenario,
                        HistoryTarget const& last, Metric const& metric) {
  HistorySeries series{scenario, last.id, last.title, &metric, last.floor};
  std::vector<Measured> all;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].scenario != scenario) continue;
    for (HistoryTarget const& target : entries[i].targets) {
      if (target.id != last.id) continue;
      auto const figure = target.figures.find(metric.id);
      if (!target.valid) {
        ++series.invalid;
      } else if (figure != target.figures.end()) {
        all.push_back({i, figure->second, calibrator(entries[i], metric.id)});
      }
    }
  }
  add_values(series, all, last.strategy);
  return series;
}

}  // namespace

HistoryEntry history_entry(json::object result) {
  if (!result.contains("answer")) summarise(result);
  HistoryEntry entry{text_at(result, "run.id", "unknown"),
                     text_at(result, "run.started"),
                     text_at(result, "run.pushlab.commit", "unknown"),
                     text_at(result, "scenario.name", "unnamed"),
                     load(result),
                     text_at(result, "machine.cpu_model", "unknown"),
                     {}};
  if (truth_at(result, "run.pushlab.dirty", false)) entry.commit += "+";
  for (json::value const& target : array_at(result, "targets")) {
    if (!target.is_object()) throw ResultError("a target must be an object");
    entry.targets.push_back(history_target(target.get_object()));
  }
  return entry;
}

History history(std::vector<HistoryEntry> entries, ChangeRule const& rule) {
  History made;
  made.entries = std::move(entries);
  std::ranges::sort(made.entries, {},
                    [](HistoryEntry const& entry) { return std::tie(entry.started, entry.run); });
  for (auto const& [place, last] : places(made.entries)) {
    for (Metric const& metric : metrics()) {
      if (metric.better == Better::none) continue;
      HistorySeries series = series_of(made.entries, place.first, *last, metric);
      if (series.values.empty()) continue;
      for (ChangePoint const& point : change_points(series.values, rule)) {
        series.changes.push_back({point, also_changed(made.entries[series.entries[point.index - 1]],
                                                      made.entries[series.entries[point.index]])});
      }
      made.series.push_back(std::move(series));
    }
  }
  return made;
}

std::vector<FoundChange> found_changes(History const& history) {
  std::vector<FoundChange> found;
  for (HistorySeries const& series : history.series) {
    for (HistoryChange const& change : series.changes) {
      found.push_back({&series, &change, &history.entries[series.entries[change.point.index]]});
    }
  }
  std::ranges::sort(found, [](FoundChange const& a, FoundChange const& b) {
    if (a.series->floor != b.series->floor) return b.series->floor;
    if (a.entry != b.entry) return a.entry > b.entry;
    return a.series < b.series;  // one entry is one place of a series
  });
  return found;
}

}  // namespace pushlab::results

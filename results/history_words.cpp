#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "results/format.hpp"
#include "results/history.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

std::string percent(double change) {
  return std::isinf(change) ? "from 0" : fmt::format("{:+.1f} %", 100 * change);
}

std::string date_of(HistoryEntry const& entry) {
  return entry.started.empty() ? "at an unknown time" : entry.started.substr(0, 10);
}

// Display columns, not bytes: "µs" and "×" are one wider than they look.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

using Row = std::array<std::string, 8>;

Row row_of(FoundChange const& found) {
  HistorySeries const& series = *found.series;
  ChangePoint const& point = found.change->point;
  std::string const& also = found.change->also;
  return {std::string(direction(found)),
          percent(point.change),
          series.target,
          std::string(series.metric->title),
          fmt::format("{} -> {}", value_in_words(series, point.before),
                      value_in_words(series, point.after)),
          p_in_words(point.p),
          date_of(*found.entry),
          fmt::format("{}  {}{}", found.entry->commit, found.entry->run,
                      also.empty() ? "" : "  ! " + also + " changed, too")};
}

std::string aligned(std::vector<Row> const& rows) {
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (Row const& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (Row const& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += row[i];
      if (i + 1 < row.size()) text += std::string(widths[i] - width_of(row[i]) + 2, ' ');
    }
    text += '\n';
  }
  return text;
}

std::string count_line(History const& history, std::vector<FoundChange> const& all) {
  std::string const results =
      fmt::format("{} result{}", history.entries.size(), history.entries.size() == 1 ? "" : "s");
  auto const of_machine = static_cast<std::size_t>(
      std::ranges::count_if(all, [](FoundChange const& found) { return found.series->floor; }));
  std::size_t const of_targets = all.size() - of_machine;
  std::string text =
      of_targets == 0 ? "no change points in " + results
                      : fmt::format("{} change point{} in {}; × is a multiple of the null server",
                                    of_targets, of_targets == 1 ? "" : "s", results);
  if (of_machine > 0)
    text += fmt::format("; {} more of the null server itself, so of the machine", of_machine);
  return text + '\n';
}

json::array changes_json(History const& history) {
  json::array list;
  for (FoundChange const& found : found_changes(history)) {
    ChangePoint const& point = found.change->point;
    list.push_back(json::object{
        {"scenario", found.series->scenario},
        {"target", found.series->target},
        {"metric", found.series->metric->id},
        {"run", found.entry->run},
        {"commit", found.entry->commit},
        {"started", found.entry->started},
        {"index", point.index},
        {"before", point.before},
        {"after", point.after},
        {"change", std::isfinite(point.change) ? json::value(point.change) : json::value()},
        {"p", point.p},
        {"direction", direction(found)},
        {"also_changed", found.change->also},
        {"sentence", sentence(found)}});
  }
  return list;
}

json::array series_json(History const& history) {
  json::array list;
  for (HistorySeries const& series : history.series) {
    json::array runs;
    for (std::size_t entry : series.entries) runs.emplace_back(entry);
    list.push_back(json::object{{"scenario", series.scenario},
                                {"target", series.target},
                                {"metric", series.metric->id},
                                {"unit", series.calibrated ? "" : series.metric->unit},
                                {"calibrated", series.calibrated},
                                {"invalid", series.invalid},
                                {"uncalibrated", series.uncalibrated},
                                {"runs", std::move(runs)},
                                {"values", json::value_from(series.values)}});
  }
  return list;
}

}  // namespace

std::string_view direction(FoundChange const& found) {
  if (found.series->floor) return "machine";
  bool const higher_wanted = found.series->metric->better == Better::higher;
  return (found.change->point.change > 0) == higher_wanted ? "better" : "worse";
}

std::string in_words(FoundChange const& found) {
  double const change = found.change->point.change;
  return fmt::format(
      "{} {}", change > 0 ? "rose" : "fell",
      std::isinf(change) ? "from 0" : fmt::format("by {} %", number(std::abs(100 * change))));
}

std::string p_in_words(double p) {
  return p < 0.0001 ? "p < 0.0001" : fmt::format("p = {:.4f}", p);
}

std::string sentence(FoundChange const& found) {
  std::string const& also = found.change->also;
  return fmt::format("{}: {}, {} at run {}, commit {}, {}, {}.{}", found.series->title,
                     found.series->metric->title, in_words(found), found.entry->run,
                     found.entry->commit, date_of(*found.entry), p_in_words(found.change->point.p),
                     also.empty() ? "" : fmt::format(" With that result {} changed, too.", also));
}

std::string value_in_words(HistorySeries const& series, double value) {
  return series.calibrated ? number(value) + " ×" : quantity(value, series.metric->unit);
}

std::string history_lines(History const& history) {
  auto const all = found_changes(history);
  std::vector<Row> rows;
  for (FoundChange const& found : all) rows.push_back(row_of(found));
  return count_line(history, all) + aligned(rows);
}

json::object to_json(History const& history) {
  json::array runs;
  for (HistoryEntry const& entry : history.entries) {
    runs.push_back(json::object{{"run", entry.run},
                                {"started", entry.started},
                                {"commit", entry.commit},
                                {"scenario", entry.scenario},
                                {"load", entry.load},
                                {"cpu", entry.cpu}});
  }
  return {{"schema", "pushlab.history/1"},
          {"runs", std::move(runs)},
          {"change_points", changes_json(history)},
          {"series", series_json(history)}};
}

}  // namespace pushlab::results

#include "report/history_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "report/target_look.hpp"
#include "results/format.hpp"

namespace pushlab::report {

using results::History;
using results::HistoryChange;
using results::HistoryEntry;
using results::HistorySeries;

namespace {

constexpr std::size_t labelled_places = 6;

HistoryEntry const& entry_of(History const& history, HistorySeries const& series, std::size_t i) {
  return history.entries[series.entries[i]];
}

std::string unit_of(HistorySeries const& series) {
  if (series.calibrated) return "×";
  return series.metric->unit == "share" ? "%" : std::string(series.metric->unit);
}

double shown(HistorySeries const& series, double value) {
  return !series.calibrated && series.metric->unit == "share" ? 100 * value : value;
}

std::vector<Tick> days(History const& history, HistorySeries const& series) {
  std::vector<Tick> ticks;
  std::size_t const n = series.values.size();
  std::size_t const step = (n + labelled_places - 1) / labelled_places;
  for (std::size_t i = 0; i < n; i += step) {
    std::string const& started = entry_of(history, series, i).started;
    ticks.push_back({static_cast<double>(i + 1),
                     started.size() < 10 ? fmt::format("{}", i + 1) : started.substr(0, 10)});
  }
  return ticks;
}

Series levels(HistorySeries const& series) {
  Series line{"Level between changes", floor_colour, {}};
  std::size_t next = 0;
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (next < series.changes.size() && series.changes[next].point.index == i) ++next;
    line.y.emplace_back(shown(series, next == 0 ? series.changes.front().point.before
                                                : series.changes[next - 1].point.after));
  }
  return line;
}

}  // namespace

std::string group_id(HistorySeries const& series) {
  std::string id;
  for (char c : series.scenario + "-" + series.target)
    id += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' ? std::string(1, c)
                                                                       : fmt::format("_{:02x}", c);
  return id;
}

std::string chart_id(HistorySeries const& series) {
  return fmt::format("chart-{}-{}", group_id(series), series.metric->id);
}

Chart history_chart(History const& history, HistorySeries const& series) {
  Chart chart;
  chart.id = chart_id(series);
  chart.title = fmt::format("{}: {}", series.title, series.metric->title);
  for (HistoryChange const& change : series.changes) {
    HistoryEntry const& entry = entry_of(history, series, change.point.index);
    chart.title += fmt::format(", {} on {}", results::in_words({&series, &change, &entry}),
                               entry.started.substr(0, 10));
  }
  chart.x_label = fmt::format("{} results, the oldest first", series.values.size());
  chart.y_unit = unit_of(series);
  chart.y_label = series.calibrated      ? "Multiple of the null server's"
                  : chart.y_unit.empty() ? "As measured"
                                         : fmt::format("As measured ({})", chart.y_unit);
  Series line{series.title, 0, {}};
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    HistoryEntry const& entry = entry_of(history, series, i);
    chart.x.push_back(static_cast<double>(i + 1));
    chart.x_names.push_back(
        fmt::format("{} · {} · {}", entry.started.substr(0, 10), entry.commit, entry.run));
    line.y.emplace_back(shown(series, series.values[i]));
  }
  chart.series.push_back(std::move(line));
  if (!series.changes.empty()) chart.series.push_back(levels(series));
  for (HistoryChange const& change : series.changes) {
    // Between the last of the old level and the first of the new one.
    auto const at = static_cast<double>(change.point.index);
    chart.marks.push_back({at + 0.5, at, at + 1});
  }
  chart.x_ticks = days(history, series);
  scale(chart);
  return chart;
}

Table history_table(History const& history, HistorySeries const& series) {
  Table table{fmt::format("{}, the oldest result first", series.metric->title),
              {"Run", "Started", "Commit", "Value"},
              {},
              {1, 2}};
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    HistoryEntry const& entry = entry_of(history, series, i);
    bool const changed = std::ranges::any_of(
        series.changes, [&](HistoryChange const& change) { return change.point.index == i; });
    table.rows.push_back({escape(entry.run) + (changed ? "<em class=\"badge\">change</em>" : ""),
                          escape(entry.started.substr(0, 16)), escape(entry.commit),
                          escape(results::value_in_words(series, series.values[i]))});
  }
  return table;
}

std::string scale_note(HistorySeries const& series) {
  std::string text = series.calibrated
                         ? "Each value is divided by the null server's in the same run."
                     : series.floor ? "As measured: the null server, so this is the machine and "
                                      "the load generator."
                                    : "As measured.";
  std::vector<std::string> left_out;
  if (series.invalid > 0)
    left_out.push_back(fmt::format("{} not measured validly", series.invalid));
  if (series.uncalibrated > 0)
    left_out.push_back(fmt::format("{} without a null server", series.uncalibrated));
  if (!left_out.empty()) text += fmt::format(" Results left out: {}.", results::list(left_out));
  return "<p class=\"trace\">" + escape(text) + " " + escape(series.metric->explanation) + "</p>\n";
}

}  // namespace pushlab::report

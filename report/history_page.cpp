#include "report/history_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "report/content.hpp"
#include "report/history_chart.hpp"
#include "report/markup.hpp"
#include "report/sections.hpp"
#include "results/format.hpp"

namespace pushlab::report {

using results::FoundChange;
using results::History;
using results::HistoryEntry;
using results::HistorySeries;

namespace {

// Shown without a click; the others when they changed.
constexpr auto shown_always = std::to_array<std::string_view>(
    {"latency_p50_ms", "latency_p99_ms", "server_cpu_us_per_delivery", "bytes_per_delivery"});

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string day(HistoryEntry const& entry) {
  return entry.started.empty() ? "unknown" : entry.started.substr(0, 10);
}

// What changed with one result.
Table changes_table(std::vector<FoundChange> const& all, bool one_scenario) {
  HistoryEntry const& entry = *all.front().entry;
  std::string const& also = all.front().change->also;
  Table table{fmt::format("Since {}, commit {}, run {}{}", day(entry), entry.commit, entry.run,
                          also.empty() ? "" : fmt::format("; {} changed, too", also)),
              {"Target", "Figure", "Change", "Before", "After", "p"},
              {},
              {1}};
  for (FoundChange const& found : all) {
    HistorySeries const& series = *found.series;
    auto const& point = found.change->point;
    std::string_view const direction = results::direction(found);
    table.rows.push_back(
        {escape(one_scenario ? series.title : series.title + ", " + series.scenario),
         fmt::format("<a href=\"#{}\">{}</a>", chart_id(series), escape(series.metric->title)),
         fmt::format(
             "<span>{}</span><em class=\"badge{}\">{}</em>",
             std::isinf(point.change) ? "from 0" : fmt::format("{:+.1f} %", 100 * point.change),
             direction == "worse" ? " bad" : "", direction),
         escape(results::value_in_words(series, point.before)),
         escape(results::value_in_words(series, point.after)),
         point.p < 0.0001 ? "&lt; 0.0001" : fmt::format("{:.4f}", point.p)});
  }
  return table;
}

// A table for each result that brought a change, the newest first.
std::string changes_tables(std::vector<FoundChange> const& all, bool one_scenario) {
  std::string text;
  for (auto from = all.begin(); from != all.end();) {
    auto const to = std::find_if(
        from, all.end(), [&](FoundChange const& found) { return found.entry != from->entry; });
    text += markup(changes_table({from, to}, one_scenario));
    from = to;
  }
  return text;
}

std::string lead(History const& history, std::vector<FoundChange> const& all) {
  if (!all.empty()) return results::sentence(all.front());
  if (history.entries.empty()) return "There is no result in this folder.";
  std::size_t longest = 0;
  for (HistorySeries const& series : history.series)
    longest = std::max(longest, series.values.size());
  if (longest == 0) return "None of the results was measured validly, so there is nothing to draw.";
  std::size_t const needed = 2 * results::ChangeRule{}.min_segment;
  if (longest < needed)
    return fmt::format("A change can be told from {} results of a target on; there {} {}.", needed,
                       longest == 1 ? "is" : "are", longest);
  return "No figure of any target left its level.";
}

std::string basis(History const& history) {
  if (history.series.empty()) return {};
  auto const calibrated =
      static_cast<std::size_t>(std::ranges::count_if(history.series, &HistorySeries::calibrated));
  std::string const scale =
      calibrated > 0
          ? fmt::format(
                "{} of {} series are multiples (×) of the null server in the same run, so "
                "that machines of different speed can be compared; the others are as "
                "measured. Each chart says which it is.",
                calibrated, history.series.size())
          : "All values are as measured: there is no null server in most of the results, so a "
            "faster or slower machine shows as a change, too.";
  return fmt::format(
      "<dl class=\"basis\"><div><dt>How a change is found</dt><dd>E-divisive means in windows of "
      "50 results, a t-test with p ≤ 0.001, at least 6 results on either side, at least "
      "5 %.</dd></div><div><dt>How sure</dt><dd>{} figures were looked at, and some are listed by "
      "chance: two of a hundred that did not change in 50 results, five in 200. What several "
      "figures show together is surer. "
      "Nothing is blocked by this page.</dd></div><div><dt>Scale</dt><dd>{}</dd></div></dl>\n",
      history.series.size(), escape(scale));
}

struct Changes {
  std::vector<FoundChange> of_targets;
  std::vector<FoundChange> of_machine;  // of the null server
};

std::string headline(History const& history, Changes const& changes) {
  return fmt::format("{} in {}",
                     changes.of_targets.empty() ? "No change points"
                                                : plural(changes.of_targets.size(), "change point"),
                     plural(history.entries.size(), "result"));
}

std::string header(History const& history, Changes const& changes,
                   std::vector<std::string> const& notes) {
  auto const& entries = history.entries;
  bool const one_scenario = std::ranges::all_of(entries, [&](HistoryEntry const& entry) {
    return entry.scenario == entries.front().scenario;
  });
  std::string text = fmt::format(
      "<header><p class=\"eyebrow\">History · {}{}</p><h1>{}</h1></header>\n"
      "<p class=\"lead\">{}</p>\n",
      entries.empty() || !one_scenario ? "" : escape(entries.front().scenario) + " · ",
      entries.empty() ? "no results" : escape(day(entries.front()) + " to " + day(entries.back())),
      escape(headline(history, changes)), escape(lead(history, changes.of_targets)));
  text += changes_tables(changes.of_targets, one_scenario);
  if (!changes.of_machine.empty())
    text += fmt::format(
        "<details><summary>{} of the null server: the machine or the load generator changed, no "
        "target</summary>\n{}</details>\n",
        plural(changes.of_machine.size(), "change point"),
        changes_tables(changes.of_machine, one_scenario));
  text += basis(history);
  std::string left_out;
  for (std::string const& note : notes) left_out += "<li>" + escape(note) + "</li>";
  return text + (left_out.empty() ? "" : "<ul class=\"notices\">" + left_out + "</ul>\n");
}

bool never_changed(HistorySeries const& series) {
  return std::ranges::all_of(series.values,
                             [&](double value) { return value == series.values.front(); });
}

struct Group {  // a target in a scenario
  std::vector<HistorySeries const*> shown, folded, constant;
};

Table constant_table(std::vector<HistorySeries const*> const& all) {
  Table table{"The same in every result", {"Figure", "Value", "Results"}, {}};
  for (HistorySeries const* series : all) {
    table.rows.push_back({escape(series->metric->title),
                          results::value_in_words(*series, series->values.front()),
                          std::to_string(series->values.size())});
  }
  return table;
}

std::string group_section(History const& history, Group const& group, std::vector<Chart>& charts) {
  auto const draw = [&](std::vector<HistorySeries const*> const& all) {
    std::string text;
    for (HistorySeries const* series : all) {
      charts.push_back(history_chart(history, *series));
      text += figure(charts.back(), history_table(history, *series), scale_note(*series));
    }
    return text;
  };
  auto const* any = !group.shown.empty()    ? group.shown.front()
                    : !group.folded.empty() ? group.folded.front()
                                            : group.constant.front();
  std::string body = draw(group.shown);
  if (!group.folded.empty())
    body += fmt::format(
        "<details class=\"more\"><summary>{} without a change</summary>\n{}</details>\n",
        plural(group.folded.size(), "more figure"), draw(group.folded));
  if (!group.constant.empty())
    body += data_details(plural(group.constant.size(), "figure") + " that never changed",
                         constant_table(group.constant), "");
  return section(2, group_id(*any), any->title + ", " + any->scenario, body);
}

std::string groups(History const& history, std::vector<Chart>& charts) {
  std::map<std::pair<std::string, std::string>, Group> all;
  for (HistorySeries const& series : history.series) {
    Group& group = all[{series.scenario, series.target}];
    bool const shown = !series.changes.empty() ||
                       std::ranges::find(shown_always, series.metric->id) != shown_always.end();
    (never_changed(series) ? group.constant
     : shown               ? group.shown
                           : group.folded)
        .push_back(&series);
  }
  std::string text;
  for (auto const& [place, group] : all) text += group_section(history, group, charts);
  return text;
}

}  // namespace

std::string history_page(History const& history, std::vector<std::string> const& notes) {
  Changes changes;
  for (FoundChange const& found : results::found_changes(history))
    (found.series->floor ? changes.of_machine : changes.of_targets).push_back(found);
  std::vector<Chart> charts;
  std::string const body = header(history, changes, notes) + groups(history, charts);
  return page(headline(history, changes), body, footer() + scripts(charts));
}

}  // namespace pushlab::report

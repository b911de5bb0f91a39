#pragma once
// The parts of one run's story, in the order they are read. Each returns HTML.

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "report/chart.hpp"
#include "report/markup.hpp"

namespace pushlab::report {

struct Place {
  std::string prefix;     // of every id, so that several runs fit in one page
  int level = 2;          // of the section headings
  std::string path = {};  // of the result in its file: "" or "experiments[0].result."
  std::string file = {};  // in front of the names of stand-alone figures: "fan-out-"
};

// "SSE was the fastest", short enough for a heading. Text, not HTML.
std::string headline(boost::json::object const& result);

std::string answer_section(boost::json::object const& result, Place const& place);
// How the run compares with a stored one; empty where it was not asked for.
std::string baseline_section(boost::json::object const& result, Place const& place);
// The charts that the sections show are appended to `charts`.
std::string latency_section(boost::json::object const& result, Place const& place,
                            std::vector<Chart>& charts);
// Which share of the clients was up to date how long after an event.
std::string freshness_section(boost::json::object const& result, Place const& place,
                              std::vector<Chart>& charts);
std::string time_section(boost::json::object const& result, Place const& place,
                         std::vector<Chart>& charts);
std::string cost_section(boost::json::object const& result, Place const& place);
std::string cost_figure(boost::json::object const& result, Place const& place);
std::string delivery_section(boost::json::object const& result, Place const& place);
std::string strategy_section(boost::json::object const& result, Place const& place);
// What the lab says of its own figures.
std::string trusted_section(boost::json::object const& result, Place const& place);
std::string method_section(boost::json::object const& result, Place const& place);
std::string scenario_section(boost::json::object const& result, Place const& place);

// What proxies did to streams, from a proxy-matrix.json: a section for each of its tables.
constexpr std::string_view proxy_title = "What proxies do to streams";
std::string proxy_lead(boost::json::object const& matrix);  // a sentence. Text.
std::string proxy_header(boost::json::object const& matrix);
std::string proxy_sections(boost::json::object const& matrix, Place const& place);

std::string glossary_section(Place const& place);
// Several runs side by side.
std::string runs_section(std::vector<boost::json::object> const& results);

// "2026-11-21 02:30 UTC". Text.
std::string started(boost::json::object const& result);

// What a strategy is, one sentence; empty for one that is not known.
std::string_view strategy_sentence(std::string_view strategy);

// A metric's title with its unit. HTML.
std::string metric_title(std::string_view metric_id);
// A figure with its interval, as HTML: value, then a small "lo – hi". The remark becomes a title.
std::string figure_markup(boost::json::object const& target, std::string_view metric_id);
// The target's name with its colour key and, where it cannot win, why in a word. HTML.
std::string target_markup(boost::json::object const& target);

// A chart with legend, data and origin. `raw` is where its figures are, after `place.path`.
std::string figure(Chart const& chart, Table const& data, std::string_view origin);
std::string legend(Chart const& chart);

// Where figures come from: run, scenario, seed, blocks, and the path in result.json. HTML; the
// second closed in <details>.
std::string trace(boost::json::object const& result, Place const& place, std::string_view raw);
std::string trace_details(boost::json::object const& result, Place const& place,
                          std::string_view raw);
// A result's own facts, also those of a machine that stands beside it.
std::string machine_facts(boost::json::object const& result);

}  // namespace pushlab::report

#include <fmt/format.h>

#include "report/markup.hpp"
#include "report/sections.hpp"
#include "results/baseline.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::text_at;

namespace {

std::string side(json::object const& row, std::string_view name) {
  std::string const value = results::side_in_words(row, name);
  std::string const whole = results::side_in_words(row, name, true);
  if (whole == value) return escape(value);
  return fmt::format("{}<small>{}</small>", escape(value), escape(whole.substr(value.size() + 1)));
}

Table rows(json::object const& facts) {
  Table table{"Against " + text_at(facts, "run") + ", with 95 % intervals",
              {"Target", "Figure", "Now", "Then", "Change"},
              {},
              {1}};
  for (json::value const& value : array_at(facts, "rows")) {
    json::object const& row = value.as_object();
    table.rows.push_back({escape(text_at(row, "title")),
                          escape(results::metric(text_at(row, "metric")).title), side(row, "now"),
                          side(row, "then"),
                          escape(results::change_in_words(row)) +
                              (results::truth_at(row, "overlap", true)
                                   ? ""
                                   : "<em class=\"badge\">beyond the intervals</em>")});
  }
  return table;
}

}  // namespace

std::string baseline_section(json::object const& result, Place const& place) {
  json::object const& facts = results::object_at(result, "baseline");
  if (facts.empty()) return {};
  std::string body;
  for (json::value const& note : array_at(facts, "notes"))
    body += "<p>" + escape(note.as_string()) + "</p>\n";
  Table const table = rows(facts);
  body += table.rows.empty() ? "<p>There is no such figure that both runs measured validly.</p>\n"
                             : markup(table);
  return section(place.level, place.prefix + "baseline", "Against the baseline", body);
}

}  // namespace pushlab::report

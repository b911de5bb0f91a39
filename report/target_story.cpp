#include "report/target_story.hpp"

#include <fmt/format.h>

#include "report/curves.hpp"
#include "report/markup.hpp"
#include "report/sections.hpp"
#include "report/target_look.hpp"
#include "report/target_tables.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::object_at;
using results::text_at;

namespace {

// The result with the target alone, and beside the floor.
json::object only(Appearance const& one, bool with_floor) {
  json::array kept;
  for (json::value const& value : array_at(one.source->result, "targets")) {
    json::object const& target = value.as_object();
    if (&target == one.target || (with_floor && is_floor(target))) kept.push_back(target);
  }
  json::object shown = one.source->result;
  shown["targets"] = std::move(kept);
  return shown;
}

// Floor and A/A ratios, where the result has them.
std::string ratios(json::object const& target) {
  std::string text;
  for (char const* member : {"floor_ratio", "aa_ratio"}) {
    for (auto const& ratio : object_at(target, member)) {
      if (!ratio.value().is_object()) continue;
      auto const sentence = text_at(ratio.value().get_object(), "sentence");
      if (!sentence.empty()) text += "<li>" + escape(sentence) + "</li>";
    }
  }
  return text.empty() ? text : "<ul class=\"points\">" + text + "</ul>\n";
}

std::string configuration(json::object const& target) {
  json::object const& options = object_at(target, "options");
  std::string body;
  if (!options.empty()) {
    Table table{"Its options in the scenario", {"Option", "Value"}, {}, {1}};
    for (auto const& option : options)
      table.rows.push_back({escape(option.key()), escape(json::serialize(option.value()))});
    body += markup(table);
  }
  auto const text = text_at(target, "text");  // of its TOML file
  if (!text.empty()) body += "<pre tabindex=\"0\">" + escape(text) + "</pre>\n";
  return body;
}

std::string appearance(Appearance const& one, std::size_t number, std::vector<Chart>& charts) {
  auto const anchor = fmt::format("m{}-", number + 1);
  Place const place{anchor, 3, fmt::format("{}targets[{}].", one.source->path, one.place), anchor};
  auto const alone = only(one, false);
  charts.push_back(latency_chart(only(one, true), place));
  charts.back().title = "How long deliveries took: " + name_of(one);
  Table const checks = checks_table(*one.target);
  return section(2, anchor + "measured", name_of(one),
                 configuration(*one.target) +
                     figure(charts.back(), latency_table(alone),
                            trace(alone, place, "repetitions[*].histograms.latency")) +
                     ratios(*one.target) + markup(repetitions_table(one)) +
                     (checks.rows.empty() ? "" : markup(checks)) +
                     trace(alone, place, "repetitions[*]"));
}

}  // namespace

std::string target_story(std::string const& title, std::vector<Appearance> const& all,
                         std::vector<Chart>& charts) {
  json::object const& first = *all.front().target;
  std::string body = fmt::format(
      "<header><p class=\"eyebrow\"><a href=\"index.html\">All targets</a> · {} · version {}{}</p>"
      "<h1>{}</h1></header>\n<p class=\"lead\">{}</p>\n",
      escape(text_at(first, "strategy", "unknown strategy")),
      escape(text_at(first, "version", "unknown")),
      results::truth_at(first, "third_party", false) ? " · third-party server" : "", escape(title),
      is_floor(first) ? "The floor: a server that does nothing but send, undisturbed by restarts, "
                        "churn and slow readers. What it takes, this machine and the load "
                        "generator take by themselves."
                      : strategy_sentence(text_at(first, "strategy")));
  for (std::size_t i = 0; i < all.size(); ++i) body += appearance(all[i], i, charts);
  return body + section(2, "figures", "All figures", markup(figures_table(all)));
}

}  // namespace pushlab::report

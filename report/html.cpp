#include "report/html.hpp"

#include <fmt/format.h>

#include "report/assets.hpp"
#include "report/decision.hpp"
#include "report/markup.hpp"
#include "report/story.hpp"
#include "report/target_look.hpp"
#include "results/read.hpp"
#include "results/summary.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::text_at;

namespace {

// Behind the runs: proxies are judged apart from them.
std::string proxies(json::object const& matrix) {
  if (matrix.empty()) return {};
  return fmt::format("<article><h2 class=\"headline\">{}</h2>\n<p>{} {}</p>\n{}</article>\n",
                     proxy_title, escape(proxy_lead(matrix)), escape(text_at(matrix, "legend", "")),
                     proxy_sections(matrix, {"proxies-", 3}));
}

std::string footer() {
  std::string text =
      "<footer><p>Written by pushlab. This page is complete in itself and loads nothing.</p>";
  std::string const licence = asset("LICENSE");
  if (!licence.empty()) {
    text += "<details><summary>Charts drawn with uPlot: its licence</summary><pre>" +
            escape(licence) + "</pre></details>";
  }
  return text + "</footer>\n";
}

std::string scripts(std::vector<Chart> const& charts) {
  json::array data;
  for (Chart const& chart : charts) data.push_back(to_json(chart));
  std::string const library = asset("uPlot.iife.min.js");
  std::string text =
      "<script type=\"application/json\" id=\"charts\">" + script_json(data) + "</script>\n";
  if (!library.empty())
    text += "<script>" + library + "</script>\n<script>" + asset("report.js") + "</script>\n";
  return text;
}

std::string page(std::string const& title, std::string const& body, std::string const& end) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n"
      "<title>{} – "
      "pushlab</title>\n<style>{}\n{}</style>\n</head>\n<body>\n<main>\n{}</main>\n{}</body>\n</"
      "html>\n",
      escape(title), asset("uPlot.min.css"), asset("report.css"), body, end);
}

void summarise_missing(json::object& result) {
  if (!result.contains("answer")) results::summarise(result);
}

// A decision among several: its experiments are runs like the others.
std::vector<json::object> flattened(std::vector<json::object> const& all) {
  std::vector<json::object> runs;
  for (json::object const& one : all) {
    if (!is_decision(one)) {
      runs.push_back(one);
      continue;
    }
    for (json::value const& experiment : results::array_at(one, "experiments")) {
      runs.push_back(results::object_at(experiment.as_object(), "result"));
      runs.back()["machine"] = results::object_at(one, "machine");
    }
  }
  return runs;
}

json::object prepared(json::object decision) {
  std::vector<json::object*> results;
  json::value* experiments = decision.if_contains("experiments");
  if (experiments != nullptr && experiments->is_array()) {
    for (json::value& experiment : experiments->get_array()) {
      json::object& result = experiment.as_object().at("result").as_object();
      summarise_missing(result);
      result["machine"] = results::object_at(decision, "machine");
      results.push_back(&result);
    }
  }
  assign_colours(results);
  return decision;
}

std::vector<json::object> prepared(std::vector<json::object> all) {
  std::vector<json::object*> results;
  for (json::object& result : all) {
    summarise_missing(result);
    results.push_back(&result);
  }
  assign_colours(results);
  return all;
}

struct Content {
  std::string title, body;
  std::vector<Chart> charts;
};

Content content(std::vector<json::object> const& all) {
  Content made;
  if (all.size() == 1 && is_decision(all.front())) {
    json::object const whole = prepared(all.front());
    made.title = decision_headline(whole);
    made.body = decision(whole, made.charts);
    return made;
  }
  auto const runs = prepared(flattened(all));
  made.title = runs.size() == 1 ? headline(runs[0]) : fmt::format("{} runs compared", runs.size());
  made.body = runs.size() == 1 ? one_run(runs[0], made.charts) : many_runs(runs, made.charts);
  return made;
}

}  // namespace

std::string matrix_html(json::object const& matrix) {
  std::string const title{proxy_title};
  return page(
      title, proxy_header(matrix) + proxy_sections(matrix, {"", 2}),
      "<footer><p>Written by pushlab. This page is complete in itself and loads nothing.</p>"
      "</footer>\n");
}

std::string html(std::vector<json::object> const& all, json::object const& matrix) {
  Content const made = content(all);
  return page(made.title, made.body + proxies(matrix) + glossary_section({"", 2}),
              footer() + scripts(made.charts));
}

}  // namespace pushlab::report

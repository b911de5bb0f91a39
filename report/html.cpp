#include "report/html.hpp"

#include <fmt/format.h>

#include "report/assets.hpp"
#include "report/markup.hpp"
#include "report/sections.hpp"
#include "results/read.hpp"
#include "results/summary.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::text_at;

namespace {

std::string eyebrow(json::object const& result) {
  return fmt::format("<p class=\"eyebrow\">{} · {} · run {}</p>\n",
                     escape(text_at(result, "scenario.title",
                                    text_at(result, "scenario.name", "Untitled scenario"))),
                     escape(started(result)), escape(text_at(result, "run.id", "unknown")));
}

std::string story(json::object const& result, Place const& place, std::vector<Chart>& charts) {
  return answer_section(result, place) + latency_section(result, place, charts) +
         time_section(result, place, charts) + cost_section(result, place) +
         delivery_section(result, place) + strategy_section(result, place) +
         trust_section(result, place) + scenario_section(result, place);
}

std::string one_run(json::object const& result, std::vector<Chart>& charts) {
  return fmt::format("<header>{}<h1>{}</h1></header>\n", eyebrow(result),
                     escape(headline(result))) +
         story(result, {"", 2}, charts);
}

std::string many_runs(std::vector<json::object> const& all, std::vector<Chart>& charts) {
  std::string body = fmt::format(
                         "<header><p class=\"eyebrow\">Push strategies, compared by measurement</p>"
                         "<h1>{} runs compared</h1></header>\n",
                         all.size()) +
                     runs_section(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    body += fmt::format("<article>{}<h2 class=\"headline\">{}</h2>\n", eyebrow(all[i]),
                        escape(headline(all[i]))) +
            story(all[i], {fmt::format("r{}-", i + 1), 3}, charts) + "</article>\n";
  }
  return body;
}

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

}  // namespace

std::string matrix_html(json::object const& matrix) {
  std::string const title{proxy_title};
  return page(
      title, proxy_header(matrix) + proxy_sections(matrix, {"", 2}),
      "<footer><p>Written by pushlab. This page is complete in itself and loads nothing.</p>"
      "</footer>\n");
}

std::string html(std::vector<json::object> const& all, json::object const& matrix) {
  std::vector<json::object> summarised = all;
  for (json::object& result : summarised) {
    if (!result.contains("answer")) results::summarise(result);
  }
  std::vector<Chart> charts;
  std::string const body =
      (summarised.size() == 1 ? one_run(summarised[0], charts) : many_runs(summarised, charts)) +
      proxies(matrix) + glossary_section({"", 2});
  std::string const title = summarised.size() == 1
                                ? headline(summarised[0])
                                : fmt::format("{} runs compared", summarised.size());
  return page(title, body, footer() + scripts(charts));
}

}  // namespace pushlab::report

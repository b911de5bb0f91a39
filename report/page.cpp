#include <fmt/format.h>

#include "report/assets.hpp"
#include "report/content.hpp"
#include "report/markup.hpp"

namespace pushlab::report {

namespace json = boost::json;

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

}  // namespace pushlab::report

#include "report/html.hpp"

#include <fmt/format.h>

#include "report/content.hpp"
#include "report/markup.hpp"
#include "report/sections.hpp"
#include "results/read.hpp"

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

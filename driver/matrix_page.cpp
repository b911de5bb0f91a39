#include "driver/matrix_page.hpp"

#include <fmt/format.h>

#include "report/html.hpp"
#include "report/markup.hpp"

namespace pushlab::driver {
namespace {

using conformance::Cell;
using conformance::MatrixTable;
using conformance::Verdict;
using report::escape;

std::string cell_markup(Cell const& cell) {
  bool const bad = cell.verdict == Verdict::fail;
  if (!bad && cell.verdict != Verdict::warn) return escape(cell.text);
  return fmt::format("<em class=\"badge{}\">{}&nbsp;{}</em>", bad ? " bad" : "", escape(cell.text),
                     cell.mark());
}

std::string section_of(MatrixTable const& table, std::size_t number) {
  report::Table out{table.caption, {}, {}, table.words};
  for (auto const& name : table.head) out.head.push_back(escape(name));
  for (auto const& row : table.rows) {
    auto& line = out.rows.emplace_back();
    if (row.size() == 2)  // why it was not run, where it can be broken into lines
      line.push_back(escape(row[0].text) + " <small>" + escape(row[1].text) + "</small>");
    else
      for (auto const& cell : row) line.push_back(cell_markup(cell));
  }
  return report::section(
      2, fmt::format("table-{}", number), table.title,
      fmt::format("<p>{}</p>\n", escape(table.explanation)) + report::markup(out));
}

}  // namespace

std::string matrix_page(conformance::Matrix const& matrix) {
  std::string const title = "What proxies do to streams";
  auto body = fmt::format(
      "<header><p class=\"eyebrow\">{} · {}</p><h1>{}</h1><p class=\"lead\">Each proxy as it comes "
      "and as push needs it, before {}.</p><p>{}</p></header>\n",
      escape(name_of(matrix.strategy)), escape(matrix.started), title, escape(matrix.endpoint),
      escape(matrix_legend(matrix)));
  std::size_t number = 0;
  for (auto const& table : tables_of(matrix)) body += section_of(table, ++number);
  return report::page(title, body);
}

}  // namespace pushlab::driver

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
  if (cell.verdict != Verdict::fail) return escape(cell.text);
  return fmt::format("<em class=\"badge bad\">{}</em>", escape(cell.text));
}

std::string section_of(MatrixTable const& table, std::size_t number) {
  report::Table out{table.title, {}, {}, {}};
  for (std::size_t i = 0; i < table.head.size(); ++i) {
    out.head.push_back(escape(table.head[i]));
    if (i > 0) out.words.insert(i);
  }
  for (auto const& row : table.rows) {
    auto& line = out.rows.emplace_back();
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
      "and as push needs it, before {}. What breaks a stream is marked.</p></header>\n",
      escape(name_of(matrix.strategy)), escape(matrix.started), title, escape(matrix.endpoint));
  std::size_t number = 0;
  for (auto const& table : tables_of(matrix)) body += section_of(table, ++number);
  return report::page(title, body);
}

}  // namespace pushlab::driver

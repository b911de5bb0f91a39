#include <fmt/format.h>

#include "report/markup.hpp"
#include "report/sections.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::text_at;

namespace {

// The mark is for those who see no colours.
std::string cell_markup(json::object const& cell) {
  auto const text = escape(text_at(cell, "text", ""));
  auto const verdict = text_at(cell, "verdict", "");
  if (verdict == "fail") return fmt::format("<em class=\"badge bad\">{}&nbsp;✕</em>", text);
  if (verdict == "warn") return fmt::format("<em class=\"badge\">{}&nbsp;△</em>", text);
  return text;
}

std::vector<std::string> row_markup(json::array const& row) {
  std::vector<std::string> cells;
  for (auto const& cell : row) cells.push_back(cell_markup(cell.as_object()));
  if (cells.size() == 2)  // why it was not run, where it can be broken into lines
    cells = {cells[0] + " <small>" + cells[1] + "</small>"};
  return cells;
}

std::string table_section(json::object const& table, Place const& place, std::size_t number) {
  Table out{text_at(table, "caption", ""), {}, {}, {}};
  for (auto const& column : table.at("columns_of_words").as_array())
    out.words.insert(column.to_number<std::size_t>());
  for (auto const& name : table.at("head").as_array()) out.head.push_back(escape(name.as_string()));
  for (auto const& row : table.at("rows").as_array())
    out.rows.push_back(row_markup(row.as_array()));
  return section(
      place.level, fmt::format("{}table-{}", place.prefix, number), text_at(table, "title", ""),
      fmt::format("<p>{}</p>\n", escape(text_at(table, "explanation", ""))) + markup(out));
}

}  // namespace

std::string proxy_lead(json::object const& matrix) {
  return fmt::format("Each proxy as it comes and as push needs it, before {}.",
                     text_at(matrix, "endpoint", "an endpoint"));
}

std::string proxy_header(json::object const& matrix) {
  return fmt::format(
      "<header><p class=\"eyebrow\">{} · {}</p><h1>{}</h1><p "
      "class=\"lead\">{}</p><p>{}</p></header>\n",
      escape(text_at(matrix, "strategy", "")), escape(text_at(matrix, "started", "")), proxy_title,
      escape(proxy_lead(matrix)), escape(text_at(matrix, "legend", "")));
}

std::string proxy_sections(json::object const& matrix, Place const& place) {
  std::string sections;
  std::size_t number = 0;
  for (auto const& table : matrix.at("tables").as_array())
    sections += table_section(table.as_object(), place, ++number);
  return sections;
}

}  // namespace pushlab::report

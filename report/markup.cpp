#include "report/markup.hpp"

#include <fmt/format.h>

namespace pushlab::report {

std::string escape(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string script_json(boost::json::value const& value) {
  std::string result;
  for (char c : boost::json::serialize(value)) {
    if (c == '<') {
      result += "\\u003c";
    } else {
      result += c;
    }
  }
  return result;
}

std::string markup(Table const& table) {
  std::string text = fmt::format(
      "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table>"
      "<caption>{0}</caption><thead><tr>",
      escape(table.caption));
  auto const style = [&](std::size_t i) {
    return table.words.contains(i) ? " class=\"words\"" : "";
  };
  for (std::size_t i = 0; i < table.head.size(); ++i) {
    text += fmt::format("<th scope=\"col\"{}>{}</th>", style(i), table.head[i]);
  }
  text += "</tr></thead><tbody>\n";
  for (auto const& row : table.rows) {
    text += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += i == 0 ? "<th scope=\"row\">" + row[i] + "</th>"
                     : fmt::format("<td{}>{}</td>", style(i), row[i]);
    }
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

std::string data_details(std::string_view summary, Table const& table, std::string_view origin) {
  return fmt::format("<details><summary>{}</summary>\n{}{}</details>\n", escape(summary),
                     markup(table), origin);
}

std::string section(int level, std::string_view id, std::string_view title, std::string_view body) {
  return fmt::format("<section id=\"{1}\"><h{0} class=\"title\">{2}</h{0}>\n{3}</section>\n", level,
                     escape(id), escape(title), body);
}

}  // namespace pushlab::report

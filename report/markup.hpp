#pragma once
// Writing HTML: everything that comes from a result passes through one of these.

#include <boost/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pushlab::report {

// Text for element content and for quoted attributes.
std::string escape(std::string_view text);

// JSON for a <script> element: no `<` is left, so nothing can end the element or open a comment in
// it.
std::string script_json(boost::json::value const& value);

// The first cell of each row is a row header. Cells are HTML already; the caption is text.
struct Table {
  std::string caption;
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  std::set<std::size_t> words = {};  // columns of text: to the left, and broken into lines
};
// Scrolls inside itself where the page is narrower.
std::string markup(Table const& table);

// A closed <details> with the data of a chart, and where it comes from (HTML).
std::string data_details(std::string_view summary, Table const& table, std::string_view origin);

// <section> with a heading of level 2 or 3 (`level`).
std::string section(int level, std::string_view id, std::string_view title, std::string_view body);

}  // namespace pushlab::report

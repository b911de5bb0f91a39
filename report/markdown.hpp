#pragma once
// Markdown that reads well as text, too.

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pushlab::report::markdown {

struct Table {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  std::set<std::size_t> numbers;  // columns that are set right
};

// Columns are padded to the same width; a bar in a cell is escaped.
std::string text(Table const& table);
// Text that must not be taken for markup.
std::string plain(std::string_view text);
// Lines of at most 100 columns, `indent` spaces before all but the first.
std::string wrapped(std::string_view text, std::size_t indent = 0);

}  // namespace pushlab::report::markdown

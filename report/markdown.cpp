#include "report/markdown.hpp"

#include <algorithm>
#include <cctype>

namespace pushlab::report::markdown {
namespace {

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string cell(std::string_view text) {
  std::string escaped;
  for (char const c : text) {
    if (c == '|') escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

constexpr std::size_t most_padding = 72;  // a column of sentences is not aligned for one long one

std::string padded(std::string const& text, std::size_t to, bool right) {
  std::string const space(to - std::min(to, width(text)), ' ');
  return right ? space + text : text + space;
}

}  // namespace

std::string text(Table const& table) {
  std::vector<std::vector<std::string>> lines{table.head};
  lines.insert(lines.end(), table.rows.begin(), table.rows.end());
  std::vector<std::size_t> widths(table.head.size(), 3);
  for (auto& line : lines) {
    line.resize(widths.size());
    for (std::size_t i = 0; i < widths.size(); ++i) {
      line[i] = cell(line[i]);
      widths[i] = std::max(widths[i], std::min(width(line[i]), most_padding));
    }
  }
  std::string out;
  for (std::size_t row = 0; row < lines.size(); ++row) {
    for (std::size_t i = 0; i < widths.size(); ++i)
      out += "| " + padded(lines[row][i], widths[i], table.numbers.contains(i)) + " ";
    out += "|\n";
    if (row > 0) continue;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      bool const right = table.numbers.contains(i);
      out += "| " + std::string(widths[i] - (right ? 1 : 0), '-') + (right ? ": " : " ");
    }
    out += "|\n";
  }
  return out;
}

std::string plain(std::string_view text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    auto const word = [&](std::size_t at) {
      return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at]));
    };
    bool const inside = c == '_' && i > 0 && word(i - 1) && word(i + 1);  // of a word: no markup
    if (!inside && std::string_view("\\`*_<>[]").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

std::string wrapped(std::string_view text, std::size_t indent) {
  constexpr std::size_t columns = 100;
  std::string out;
  std::size_t at = indent;  // the first line stands behind a mark of that width
  while (!text.empty()) {
    auto const end = std::min(text.find(' '), text.size());
    auto const word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    bool const first = out.empty();
    if (!first && at + 1 + width(word) > columns) {
      out += "\n" + std::string(indent, ' ');
      at = indent;
    } else if (!first) {
      out += ' ';
      ++at;
    }
    out += word;
    at += width(word);
  }
  return out;
}

}  // namespace pushlab::report::markdown

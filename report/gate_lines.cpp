#include "report/gate_lines.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "report/gate_words.hpp"

namespace pushlab::report {

using results::GateReport;
using results::GateVerdict;

namespace {

constexpr std::size_t columns = 7;
using Row = std::array<std::string, columns>;

// Figures stand right, words left.
constexpr std::array<bool, columns> right{false, false, true, true, false, true, false};

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// On one line, and nothing that a terminal would obey.
std::string plain(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

std::string line(Row const& row, std::array<std::size_t, columns> const& widths) {
  std::string text;
  for (std::size_t i = 0; i < columns; ++i) {
    std::string const space(widths.at(i) - width(row.at(i)), ' ');
    text += right.at(i) ? space + row.at(i) : row.at(i) + space;
    if (i + 1 < columns) text += "  ";
  }
  return text.substr(0, text.find_last_not_of(' ') + 1) + '\n';
}

std::vector<Row> rows(GateReport const& report) {
  std::vector<Row> all{{"target", "metric", "base", "head", "change", "limit", "verdict"}};
  for (auto const& target : report.targets) {
    if (target.verdict == GateVerdict::invalid && target.metrics.empty())
      all.push_back({plain(target.id), "", "", "", "", "", "invalid"});
    for (auto const& metric : target.metrics) {
      auto const bounds = gate_bounds(metric);
      all.push_back({plain(target.id), plain(metric.title),
                     plain(gate_amount(metric.base, metric.unit)),
                     plain(gate_amount(metric.head, metric.unit)),
                     gate_change(metric.effect) + (bounds.empty() ? "" : " " + bounds),
                     gate_share(metric.limit), std::string(name_of(metric.verdict))});
    }
  }
  return all;
}

// Of the targets that say nothing, why; except what the sentence says already.
std::string invalid_lines(GateReport const& report, std::string const& sentence) {
  std::string text;
  for (auto const& target : report.targets)
    for (auto const& why : target.invalid)
      if (target.verdict == GateVerdict::invalid && sentence.find(why) == std::string::npos)
        text += plain(target.id + ": " + why) + '\n';
  return text;
}

}  // namespace

std::string gate_lines(GateReport const& report) {
  auto const all = rows(report);
  std::array<std::size_t, columns> widths{};
  for (auto const& row : all)
    for (std::size_t i = 0; i < columns; ++i)
      widths.at(i) = std::max(widths.at(i), width(row.at(i)));
  std::string text;
  for (auto const& row : all) text += line(row, widths);
  auto const sentence = gate_sentence(report);
  return text + invalid_lines(report, sentence) + plain(sentence) + '\n';
}

}  // namespace pushlab::report

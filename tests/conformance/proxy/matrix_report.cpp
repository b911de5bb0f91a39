#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "tests/conformance/proxy/matrix.hpp"

namespace pushlab::conformance {
namespace json = boost::json;
namespace {

// Characters on a terminal, not bytes.
std::size_t width_of(std::string const& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string aligned(MatrixTable const& table) {
  std::vector<std::vector<std::string>> lines{table.head};
  for (auto const& row : table.rows) {
    auto& line = lines.emplace_back();
    for (auto const& cell : row) line.push_back(cell.marked());
  }
  std::vector<std::size_t> widths(table.head.size());
  for (auto const& line : lines) {
    // A reason in place of figures runs over the columns behind it.
    for (std::size_t i = 0; i < (line.size() == 2 ? 1 : line.size()); ++i)
      widths[i] = std::max(widths[i], width_of(line[i]));
  }
  std::string text;
  for (auto const& line : lines) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
      out += line[i];
      if (widths[i] + 2 > width_of(line[i])) out.append(widths[i] + 2 - width_of(line[i]), ' ');
    }
    text += out.substr(0, out.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

json::value milliseconds(std::optional<double> const& seconds) {
  return seconds ? json::value(*seconds * 1000) : json::value(nullptr);
}

json::object flow_json(Flow const& flow) {
  json::array delays;
  for (auto const delay_s : flow.delays_s) delays.emplace_back(delay_s * 1000);
  return {{"event_bytes", flow.size},
          {"accept_encoding", flow.coded},
          {"content_encoding", flow.coding},
          {"answer", flow.answer},
          {"delays_ms", delays},
          {"missing", flow.missing},
          {"most_at_once", flow.most_at_once}};
}

json::object gone_json(Gone const& gone) {
  return {{"told_ms", milliseconds(gone.after_s)}, {"by_write", gone.by_write}};
}

json::object death_json(Death const& death) {
  return {{"visible", death.visible}, {"end", death.end}, {"answer", death.answer}};
}

json::value idle_json(std::optional<Idle> const& idle) {
  if (!idle || !idle->began) return nullptr;
  if (!idle->ended) return {{"ended", false}};
  return {{"ended", true}, {"after_s", idle->after_s}, {"how", idle->how}};
}

json::object sharing_json(MatrixRow const& row) {
  json::object object;
  for (auto const& [value, sharing] : row.sharing)
    object[value.empty() ? "none" : value] = sharing == Sharing::own      ? "own"
                                             : sharing == Sharing::shared ? "shared"
                                                                          : "held";
  return object;
}

json::object row_json(MatrixRow const& row, Settings::Proxy const& limits) {
  json::object object{{"proxy", row.proxy}, {"flavour", row.flavour}, {"version", row.version}};
  if (!row.not_run.empty()) {
    object["not_run"] = row.not_run;
    return object;
  }
  json::array flows;
  for (auto const& flow : row.flows) flows.push_back(flow_json(flow));
  object["head_ms"] =
      milliseconds(row.first.came ? std::optional(row.first.after_s) : std::nullopt);
  object["answer"] = row.first.answer;
  object["flows"] = flows;
  if (!row.no_flow.empty()) object["no_flow"] = row.no_flow;
  object["idle_client_gone"] = {{"fin", gone_json(row.idle_fin)}, {"rst", gone_json(row.idle_rst)}};
  object["busy_client_gone"] = gone_json(row.busy);
  object["stalled_client_bytes"] = row.stalled.bytes;
  object["origin_died"] = {{"fin", death_json(row.fin)}, {"rst", death_json(row.rst)}};
  object["websocket"] = {{"passes", row.upgrade.passed()}, {"answer", row.upgrade.answer}};
  json::array changes;
  for (auto const& change : row.changes) changes.emplace_back(change.text());
  object["request_changes"] = changes;
  object["sharing_by_cache_control"] = sharing_json(row);
  object["silence"] = {{"stream", idle_json(row.stream)},
                       {"poll", idle_json(row.poll)},
                       {"websocket", idle_json(row.socket)},
                       {"waited_s", row.stream ? json::value(limits.idle_s) : json::value()}};
  return object;
}

// As the report shows it: whoever reads the file needs none of what the verdicts rest on.
json::object table_json(MatrixTable const& table) {
  json::array rows;
  for (auto const& row : table.rows) {
    auto& cells = rows.emplace_back(json::array()).as_array();
    for (auto const& cell : row)
      cells.push_back(json::object{{"text", cell.text}, {"verdict", name_of(cell.verdict)}});
  }
  return {{"title", table.title},
          {"explanation", table.explanation},
          {"caption", table.caption},
          {"columns_of_words", json::value_from(table.words)},
          {"head", json::value_from(table.head)},
          {"rows", rows}};
}

std::string line_of(Matrix const& matrix) {
  return fmt::format("Behind the proxies: {} ({}). {}.", matrix.endpoint, name_of(matrix.strategy),
                     matrix.started);
}

}  // namespace

std::string matrix_text(Matrix const& matrix) {
  auto text = fmt::format("{} {}\n", line_of(matrix), matrix_legend(matrix));
  for (auto const& table : tables_of(matrix))
    text += fmt::format("\n{}\n\n{}", table.title, aligned(table));
  return text;
}

std::string matrix_markdown(Matrix const& matrix) {
  auto text = fmt::format("# What proxies do to streams\n\n{} {}\n", line_of(matrix),
                          matrix_legend(matrix));
  for (auto const& table : tables_of(matrix)) {
    text += fmt::format("\n## {}\n\n{}\n\n", table.title, table.explanation);
    std::string rule;
    for (auto const& name : table.head) {
      text += "| " + name + " ";
      rule += "| --- ";
    }
    text += "|\n" + rule + "|\n";
    for (auto const& row : table.rows) {
      for (auto const& cell : row) {
        auto const* const stars = cell.verdict == Verdict::fail ? "**" : "";
        text += fmt::format("| {}{}{} ", stars, cell.marked(), stars);
      }
      for (auto i = row.size(); i < table.head.size(); ++i) text += "| ";
      text += "|\n";
    }
  }
  return text;
}

json::object matrix_json(Matrix const& matrix) {
  json::array rows;
  for (auto const& row : matrix.rows) rows.push_back(row_json(row, matrix.limits));
  json::array tables;
  for (auto const& table : tables_of(matrix)) tables.push_back(table_json(table));
  return {{"endpoint", matrix.endpoint},
          {"strategy", name_of(matrix.strategy)},
          {"started", matrix.started},
          {"legend", matrix_legend(matrix)},
          {"rows", rows},
          {"tables", tables}};
}

}  // namespace pushlab::conformance

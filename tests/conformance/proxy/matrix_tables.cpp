#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/proxy/matrix.hpp"
#include "tests/conformance/proxy/sections.hpp"

namespace pushlab::conformance {
namespace {

constexpr double mib = 1024 * 1024;

Cell title_cell(MatrixRow const& row) {
  return {row.flavour.empty() ? row.proxy : row.proxy + " " + row.flavour, Verdict::info};
}

// The status code of an answer, or why there was none.
std::string status_of(std::string const& answer) {
  auto const space = answer.find(' ');
  return answer.starts_with("HTTP/") && space != std::string::npos ? answer.substr(space + 1, 3)
                                                                   : answer;
}

Cell head_cell(MatrixRow const& row, Matrix const& matrix) {
  auto const* const good = matrix.strategy == Strategy::websocket ? "101" : "200";
  if (!row.first.came) return {"none", Verdict::fail};
  if (status_of(row.first.answer) != good) return {status_of(row.first.answer), Verdict::fail};
  auto const late = row.first.after_s > matrix.limits.head_warn_s;
  return {duration(row.first.after_s), late ? Verdict::warn : Verdict::pass};
}

Cell flow_cell(MatrixRow const& row, std::size_t i, Settings::Proxy const& limits) {
  if (i >= row.flows.size()) return {row.no_flow.empty() ? "–" : row.no_flow, Verdict::info};
  auto const& flow = row.flows[i];
  auto const coding = flow.coding.empty() ? "" : flow.coding + ", ";
  if (flow.delays_s.empty()) return {coding + "none", Verdict::fail};
  auto text = coding + duration(flow.median_s());
  if (flow.most_s() > limits.delay_pass_s && flow.most_s() > 3 * flow.median_s())
    text += fmt::format(", max {}", duration(flow.most_s()));
  if (flow.missing > 0) text += fmt::format(", {} missing", flow.missing);
  if (flow.most_at_once > 1) text += fmt::format(", {} at once", flow.most_at_once);
  return {text,
          worse_of(flow.verdict(limits), flow.most_at_once > 1 ? Verdict::fail : Verdict::pass)};
}

std::string told(Gone const& gone) {
  if (!gone.reached) return "no request came";
  if (!gone.after_s) return "never";
  return duration(*gone.after_s) + (gone.by_write ? ", by a write" : "");
}

Cell idle_cell(MatrixRow const& row) {
  auto const& fin = row.idle_fin;
  auto const& rst = row.idle_rst;
  auto const verdict = worse_of(fin.verdict_idle(), rst.verdict_idle());
  bool const alike =
      fin.by_write == rst.by_write && fin.after_s.has_value() == rst.after_s.has_value();
  if (alike) return {told(fin), verdict};
  return {fmt::format("FIN {}; RST {}", told(fin), told(rst)), verdict};
}

Cell busy_cell(MatrixRow const& row, Settings::Proxy const& limits) {
  return {row.busy.after_s ? duration(*row.busy.after_s) : told(row.busy),
          row.busy.verdict_busy(limits)};
}

Cell stall_cell(MatrixRow const& row, Settings::Proxy const& limits) {
  auto const bytes = row.stalled.bytes;
  if (!row.stalled.reached) return {"no request came", Verdict::warn};
  auto const text = fmt::format("{:.0f} MiB{}", static_cast<double>(bytes) / mib,
                                bytes >= limits.stall_most ? " and more" : "");
  return {text, bytes > limits.stall_pass ? Verdict::warn : Verdict::pass};
}

Cell death_cell(MatrixRow const& row) {
  auto const word = [](Death const& death) { return death.visible ? "seen" : "hidden"; };
  auto const verdict = row.fin.visible && row.rst.visible ? Verdict::pass : Verdict::warn;
  if (row.fin.visible == row.rst.visible) return {word(row.fin), verdict};
  return {fmt::format("FIN {}, RST {}", word(row.fin), word(row.rst)), verdict};
}

Cell upgrade_cell(MatrixRow const& row) {
  auto const& upgrade = row.upgrade;
  if (upgrade.passed()) return {"passes", Verdict::pass};
  auto const status = status_of(upgrade.answer);
  return {upgrade.reached ? "changed: " + status : status, Verdict::fail};
}

Cell changes_cell(MatrixRow const& row) {
  std::string text;
  for (auto const& change : row.changes)
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", change.what,
                        change.arrived.empty() ? "is lost" : "is changed");
  return text.empty() ? Cell{"unchanged", Verdict::pass} : Cell{text, Verdict::fail};
}

Cell sharing_cell(MatrixRow const& row) {
  std::string text;
  auto verdict = Verdict::pass;
  for (auto const& [value, sharing] : row.sharing) {
    if (sharing == Sharing::own) continue;
    auto const what = value.empty() ? "no Cache-Control" : value;
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ",
                        sharing == Sharing::shared ? "shared:" : "second waits:", what);
    verdict = Verdict::fail;
  }
  return {text.empty() ? "never shared" : text, row.sharing.empty() ? Verdict::info : verdict};
}

Cell silence_cell(std::optional<Idle> const& idle, Settings::Proxy const& limits) {
  if (!idle) return {"–", Verdict::info};
  if (!idle->began) return {"no upgrade", Verdict::info};
  if (!idle->ended) return {"none in " + duration(limits.idle_s), Verdict::info};
  return {fmt::format("{}: {}", duration(idle->after_s), idle->how), Verdict::info};
}

// Fills in a line for each row.
template <class Cells>
MatrixTable filled(MatrixTable table, Matrix const& matrix, Cells const& cells) {
  for (auto const& row : matrix.rows) {
    std::vector<Cell> line{title_cell(row)};
    if (row.not_run.empty()) {
      for (auto& cell : cells(row)) line.push_back(std::move(cell));
    } else {
      line.push_back({row.not_run, Verdict::info});
    }
    table.rows.push_back(std::move(line));
  }
  return table;
}

MatrixTable flow_table(Matrix const& matrix) {
  auto const& limits = matrix.limits;
  bool const socket = matrix.strategy == Strategy::websocket;
  auto const small = fmt::format("{} B", limits.small);
  auto const large = fmt::format("{} KB", limits.large / 1024);
  MatrixTable table{
      "How events come through",
      fmt::format(
          "Time to the headers of the answer on a stream without events, and the delay "
          "that the proxy adds to an event beside the same event past it: the median of "
          "{}, one every {:g} s. Coded: the client offers gzip, deflate, br and zstd. Missing: not "
          "within {:g} s after the last one.",
          limits.events, limits.event_gap_s, limits.pause_s),
      "Delay that is added, by size of the event",
      {},
      {"Proxy", "Time to headers", small},
      {}};
  if (!socket) table.head.push_back(small + ", coded");
  table.head.push_back(large);
  if (!socket) table.head.push_back(large + ", coded");
  return filled(std::move(table), matrix, [&](MatrixRow const& row) {
    std::vector<Cell> cells{head_cell(row, matrix)};
    for (std::size_t i = 0; i < (socket ? 2 : 4); ++i) cells.push_back(flow_cell(row, i, limits));
    return cells;
  });
}

MatrixTable origin_table(Matrix const& matrix) {
  auto const& limits = matrix.limits;
  MatrixTable table{
      "What reaches the other side",
      fmt::format("Of an event stream: how long until the origin knows that a client has gone "
                  "(FIN, and RST where it differs; an event is written after {:g} s, then every "
                  "{:g} s), how much of {:.0f} MiB "
                  "it can send to a client that does not read, and whether the client sees that "
                  "the origin died in an event.",
                  limits.told_idle_s, limits.event_gap_s,
                  static_cast<double>(limits.stall_most) / mib),
      "What each side learns of the other",
      {1, 4},
      {"Proxy", "Idle client gone", "Busy client gone", "Taken for a stalled client",
       "Death of the origin"},
      {}};
  return filled(std::move(table), matrix, [&](MatrixRow const& row) {
    return std::vector<Cell>{idle_cell(row), busy_cell(row, limits), stall_cell(row, limits),
                             death_cell(row)};
  });
}

MatrixTable request_table(Matrix const& matrix) {
  MatrixTable table{"WebSocket, requests and caching",
                    "Whether a WebSocket upgrade passes, whether credentials, cursor and query "
                    "reach the origin as sent, and under which Cache-Control a second client is "
                    "given the first one's stream.",
                    "What becomes of a request",
                    {3, 4},
                    {"Proxy", "Version", "WebSocket", "Request", "Streams of two clients"},
                    {}};
  return filled(std::move(table), matrix, [](MatrixRow const& row) {
    return std::vector<Cell>{
        {row.version, Verdict::info}, upgrade_cell(row), changes_cell(row), sharing_cell(row)};
  });
}

MatrixTable idle_table(Matrix const& matrix) {
  auto const& limits = matrix.limits;
  MatrixTable table{"How long silence is borne",
                    "A stream after one event, a poll that is never answered, a WebSocket after "
                    "its handshake; and how it ends.",
                    "Time until a silent connection is ended",
                    {1, 2, 3},
                    {"Proxy", "Stream", "Poll", "WebSocket"},
                    {}};
  return filled(std::move(table), matrix, [&](MatrixRow const& row) {
    return std::vector<Cell>{silence_cell(row.stream, limits), silence_cell(row.poll, limits),
                             silence_cell(row.socket, limits)};
  });
}

bool silence_measured(Matrix const& matrix) {
  return std::any_of(matrix.rows.begin(), matrix.rows.end(),
                     [](MatrixRow const& row) { return row.stream || row.poll || row.socket; });
}

}  // namespace

std::string Cell::mark() const {
  return verdict == Verdict::fail ? "✕" : verdict == Verdict::warn ? "△" : "";
}

std::string Cell::marked() const {
  return mark().empty() ? text : text + " " + mark();
}

std::vector<MatrixTable> tables_of(Matrix const& matrix) {
  std::vector<MatrixTable> tables{flow_table(matrix), origin_table(matrix), request_table(matrix)};
  if (silence_measured(matrix)) tables.push_back(idle_table(matrix));
  return tables;
}

std::string matrix_legend(Matrix const& matrix) {
  std::string text = "✕ breaks a stream, △ delays or hides something.";
  if (!silence_measured(matrix))
    text += fmt::format(" How long silence is borne was not measured: --slow does, in {:.0f} min.",
                        matrix.limits.idle_s / 60);
  return text;
}

}  // namespace pushlab::conformance

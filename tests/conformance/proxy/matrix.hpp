#pragma once

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/conformance/engine/endpoint.hpp"
#include "tests/conformance/proxy/probe/flow.hpp"
#include "tests/conformance/proxy/probe/gone.hpp"
#include "tests/conformance/proxy/probe/requests.hpp"
#include "tests/conformance/proxy/probe/upgrade.hpp"

namespace pushlab::conformance {

// What one proxy, as it comes or tuned, does to a stream.
struct MatrixRow {
  std::string proxy = {};  // "nginx"; "direct" for none
  std::string flavour = {};
  std::string version = {};
  std::string not_run = {};  // then why, and nothing below holds

  std::vector<Change> changes = {};  // of a request on its way to the origin
  FirstAnswer first = {};            // on a stream without events
  std::vector<Flow> flows = {};  // small, small coded, large, large coded; WebSocket: small, large
  std::string no_flow = {};      // then why
  Gone idle_fin = {}, idle_rst = {}, busy = {};
  Stalled stalled = {};
  Upgrade upgrade = {};
  Death fin = {}, rst = {};
  std::vector<std::pair<std::string, Sharing>> sharing = {};  // by Cache-Control
  std::optional<Idle> stream = {}, poll = {}, socket = {};    // with --slow
};

struct Matrix {
  std::string endpoint = {};  // what stood behind the proxies
  Strategy strategy = Strategy::sse;
  std::string started = {};  // "2026-11-24 14:00 UTC"
  Settings::Proxy limits = {};
  std::vector<MatrixRow> rows = {};
};

// Fills the measured part of the row; whatever goes wrong is said in it. Other rows may be measured
// at the same time.
void measure(MatrixRow& row, Endpoint& endpoint);
// Adds what is taken for a stalled client. It takes a core for a moment: few at a time.
void measure_stalled(MatrixRow& row, Endpoint& endpoint);
// Adds how long silent connections live, all three at once.
void measure_idle(MatrixRow& row, Endpoint& endpoint);

// One cell of the tables for readers; what is worse than `pass` is to be seen.
struct Cell {
  std::string text;
  Verdict verdict = Verdict::info;
  std::string mark() const;    // for those who see no colours: ✕ fail, △ warn
  std::string marked() const;  // the text and its mark
};
struct MatrixTable {
  std::string title;
  std::string explanation;
  std::string caption;
  std::set<std::size_t> words;          // columns of text rather than figures
  std::vector<std::string> head;        // the first column is the proxy
  std::vector<std::vector<Cell>> rows;  // of a proxy that was not run: its name, and why
};
std::vector<MatrixTable> tables_of(Matrix const& matrix);
// What the marks mean and what was not measured.
std::string matrix_legend(Matrix const& matrix);

std::string matrix_text(Matrix const& matrix);
std::string matrix_markdown(Matrix const& matrix);
// `rows` has what was measured, `tables` what the report shows.
boost::json::object matrix_json(Matrix const& matrix);

}  // namespace pushlab::conformance

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/conformance/proxy/matrix.hpp"
#include "tests/unit/conformance/proxied.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;

MatrixRow measured(ProxyFaults faults) {
  auto const proxied = through(std::move(faults));
  Endpoint endpoint(proxied.given);
  MatrixRow row{.proxy = "scripted", .flavour = "default", .version = "1"};
  measure(row, endpoint);
  measure_stalled(row, endpoint);
  return row;
}

Matrix matrix_of(std::vector<MatrixRow> rows) {
  Matrix matrix{.endpoint = "a test", .started = "2026-11-24 14:00 UTC"};
  matrix.limits = fast_settings().proxy;
  matrix.rows = std::move(rows);
  return matrix;
}

bool holds(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

TEST(ProxyMatrix, a_good_proxy_has_no_bad_cell) {
  auto const matrix = matrix_of({measured({})});
  for (auto const& table : tables_of(matrix))
    for (auto const& cell : table.rows.front())
      EXPECT_NE(cell.verdict, Verdict::fail) << table.title << ": " << cell.text;
}

TEST(ProxyMatrix, a_proxy_that_holds_back_is_marked_in_every_form) {
  auto const matrix = matrix_of({measured({.withhold = true})});
  EXPECT_TRUE(holds(matrix_text(matrix), "none ✕")) << matrix_text(matrix);
  EXPECT_TRUE(holds(matrix_markdown(matrix), "| **none ✕** |")) << matrix_markdown(matrix);
  auto const row = matrix_json(matrix).at("rows").at(0);
  EXPECT_TRUE(row.at("head_ms").is_null());
  EXPECT_EQ(row.at("flows").at(0).at("missing"), 3);
}

TEST(ProxyMatrix, a_proxy_that_was_not_run_says_why) {
  MatrixRow row{.proxy = "squid", .flavour = "tuned"};
  row.not_run = "not installed (apt-get install squid)";
  auto const matrix = matrix_of({row});
  auto const line = std::string("squid tuned  not installed (apt-get install squid)");
  EXPECT_TRUE(holds(matrix_text(matrix), line)) << matrix_text(matrix);
  EXPECT_TRUE(holds(matrix_markdown(matrix), "| not installed (apt-get install squid) |"));
  EXPECT_EQ(matrix_json(matrix).at("rows").at(0).at("not_run").as_string(), row.not_run);
}

TEST(ProxyMatrix, silence_is_a_table_of_its_own_once_it_was_measured) {
  auto const proxied = through({.idle_s = 0.3});
  Endpoint endpoint(proxied.given);
  MatrixRow row{.proxy = "scripted"};
  EXPECT_EQ(tables_of(matrix_of({row})).size(), 3u);
  EXPECT_TRUE(holds(matrix_text(matrix_of({row})), "not measured: --slow"));
  measure_idle(row, endpoint);
  auto const tables = tables_of(matrix_of({row}));
  ASSERT_EQ(tables.size(), 4u);
  EXPECT_FALSE(holds(matrix_text(matrix_of({row})), "not measured"));
  for (std::size_t i = 1; i < 4; ++i)
    EXPECT_TRUE(holds(tables[3].rows[0][i].text, "ms: closed")) << tables[3].rows[0][i].text;
}

}  // namespace
}  // namespace pushlab::conformance

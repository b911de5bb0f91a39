// The reference result is what others read first: it must hold what the schema and the README
// promise.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "results/metric.hpp"
#include "results/read.hpp"
#include "results/summary.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;

json::object reference() {
  std::ifstream file(PUSHLAB_REFERENCE);
  std::string const text{std::istreambuf_iterator<char>(file), {}};
  return json::parse(text).as_object();
}

void expect_members(json::object const& object, std::vector<std::string_view> const& names,
                    std::string_view where) {
  for (std::string_view name : names) EXPECT_TRUE(object.contains(name)) << where << "." << name;
}

void expect_repetition(json::object const& repetition) {
  if (json::value const* error = repetition.if_contains("error");
      error != nullptr && !error->is_null())
    return;
  expect_members(repetition,
                 {"block",
                  "order",
                  "strategy",
                  "clients",
                  "connected",
                  "events",
                  "expected",
                  "delivered",
                  "lost",
                  "duplicates",
                  "out_of_order",
                  "requests",
                  "useless_requests",
                  "bytes_received",
                  "bytes_sent",
                  "latency_ms",
                  "latency_from_send_ms",
                  "connect_ms",
                  "fan_out_ms",
                  "generator",
                  "series",
                  "event_rows",
                  "histograms"},
                 "repetition");
  EXPECT_EQ(
      number_at(repetition, "expected").value_or(0),
      number_at(repetition, "delivered").value_or(0) + number_at(repetition, "lost").value_or(-1));
  json::object const& histogram = object_at(repetition, "histograms.latency");
  EXPECT_EQ(number_at(histogram, "total"), number_at(repetition, "expected"));
  EXPECT_EQ(array_at(repetition, "event_rows.rows").size(),
            number_at(repetition, "events").value_or(0));
}

void expect_structure(json::object const& result) {
  expect_members(
      result,
      {"schema", "run", "scenario", "machine", "targets", "skipped", "comparisons", "answer"},
      "result");
  EXPECT_EQ(text_at(result, "schema"), schema_name);
  expect_members(object_at(result, "run"), {"id", "started", "duration_s", "valid", "pushlab"},
                 "run");
  expect_members(object_at(result, "scenario"),
                 {"name", "title", "file", "sha256", "text", "seed", "clients", "arrivals", "rate",
                  "payload_bytes", "warmup_s", "measure_s", "drain_s", "repetitions"},
                 "scenario");
  expect_members(object_at(result, "answer"),
                 {"metric", "winners", "tie", "verdict", "sentence", "details", "load",
                  "confidence", "excluded"},
                 "answer");
  ASSERT_FALSE(array_at(result, "targets").empty());
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    expect_members(target,
                   {"id", "title", "strategy", "third_party", "version", "options", "repetitions",
                    "figures", "histograms", "valid", "invalid_reasons"},
                   "target");
    for (json::value const& repetition : array_at(target, "repetitions"))
      expect_repetition(repetition.as_object());
    for (Metric const& metric : metrics()) {
      expect_members(object_at(object_at(target, "figures"), metric.id), {"value", "lo", "hi"},
                     metric.id);
    }
  }
}

TEST(ReferenceResult, has_the_promised_structure) {
  expect_structure(reference());
}

TEST(ReferenceResult, is_what_the_summary_makes_of_its_repetitions) {
  json::object result = reference();
  json::value const answer = result["answer"];
  summarise(result);
  EXPECT_EQ(result["answer"].at("winners"), answer.at("winners"));
  EXPECT_EQ(result["answer"].at("sentence"), answer.at("sentence"));
}

TEST(SampleResult, has_the_promised_structure) {
  json::object result = sample::result({}, sample::five_targets());
  summarise(result);
  expect_structure(result);
}

}  // namespace
}  // namespace pushlab::results

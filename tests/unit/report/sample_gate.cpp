#include "tests/unit/report/sample_gate.hpp"

#include <limits>

namespace pushlab::sample {

using results::GatedMetric;
using results::GatedTarget;
using results::GateReport;
using results::GateVerdict;

namespace {

GatedMetric median(GateVerdict verdict, double head, double effect, double reach,
                   std::string reason) {
  return {.id = "event_p50_ms",
          .title = "Event, median subscriber",
          .unit = "ms",
          .verdict = verdict,
          .base = 1.25,
          .head = head,
          .effect = effect,
          .low = effect - reach,
          .high = effect + reach,
          .tolerance = 0.02,
          .limit = 0.05,
          .restarts = 5,
          .reason = std::move(reason)};
}

GatedMetric memory() {
  return {.id = "memory_kib",
          .title = "Memory",
          .unit = "KiB",
          .verdict = GateVerdict::pass,
          .base = 2048,
          .head = 2048,
          .effect = 0,
          .low = -std::numeric_limits<double>::infinity(),
          .high = 0.0125,
          .tolerance = 0.02,
          .limit = 0.05,
          .restarts = 5,
          .reason = "0.0 % more, at most 1.2 % more"};
}

// Without an effect: a count or a share that is judged alone.
GatedMetric plain(std::string id, std::string title, std::string unit, double base, double head,
                  std::string reason) {
  GatedMetric metric;
  metric.id = std::move(id);
  metric.title = std::move(title);
  metric.unit = std::move(unit);
  metric.verdict = GateVerdict::pass;
  metric.base = base;
  metric.head = head;
  metric.restarts = 5;
  metric.reason = std::move(reason);
  return metric;
}

GatedMetric stalled() {
  return plain("stalled_events", "Stalled events", "share", 0.03125, 0.0625,
               "no more than at base");
}

GatedMetric faults() {
  return plain("faults", "Lost, doubled, reordered", "", 0, 0, "none");
}

GatedTarget target(std::string id, std::string title, GateVerdict verdict,
                   std::vector<GatedMetric> metrics) {
  GatedTarget made;
  made.id = std::move(id);
  made.title = std::move(title);
  made.verdict = verdict;
  made.metrics = std::move(metrics);
  made.restarts = 5;
  made.duration_s = 112.5;
  made.raw = {{"restarts", {{{"event_p50_ms", {1.25, 1.375}}}}}};
  return made;
}

GateReport frame(GateVerdict verdict, std::vector<GatedTarget> targets) {
  GateReport report;
  report.id = "gate-20261129T163000Z";
  report.started = "2026-11-29T16:30:00Z";
  report.scenario = "scenarios/gate.toml";
  report.base = "main";
  report.base_version = "8b62c63";
  report.head = ".";
  report.head_version = "1234567";
  report.verdict = verdict;
  report.seed = 7;
  report.duration_s = 450;
  report.targets = std::move(targets);
  report.machine = {{"cpu_model", "A processor"}, {"cores", 2}, {"hostname", "runner-1"}};
  report.pushlab = {{"version", "0.1.0"}, {"commit", "1234567"}};
  return report;
}

void spoil(std::string& text) {
  text += hostile;
}

}  // namespace

GateReport passed_gate() {
  return frame(
      GateVerdict::pass,
      {target("sse", "SSE", GateVerdict::pass,
              {median(GateVerdict::pass, 1.25, 0.0025, 0.0075, "0.2 % more, at most 1.0 % more"),
               faults()})});
}

GateReport gate() {
  auto invalid = target("long-poll", "Long polling", GateVerdict::invalid, {});
  invalid.restarts = 0;
  invalid.discarded = 3;
  invalid.invalid = {"the load generator used 97 % of its core"};
  invalid.raw = {};
  return frame(
      GateVerdict::fail,
      {target("sse", "SSE", GateVerdict::fail,
              {median(GateVerdict::fail, 1.375, 0.1, 0.0125,
                      "10.0 % more, at least 8.8 %; tolerated are 2.0 %"),
               memory(), stalled(), faults()}),
       target("websocket", "WebSocket", GateVerdict::undecided,
              {median(GateVerdict::undecided, 1.3125, 0.05, 0.0625,
                      "5.0 % more, between -1.2 % and 11.2 %: too uncertain"),
               faults()}),
       invalid,
       target("short-poll", "Short polling", GateVerdict::pass,
              {median(GateVerdict::pass, 1.25, -0.0025, 0.0075, "0.2 % less, at most 0.5 % more"),
               faults()})});
}

GateReport hostile_gate() {
  auto report = gate();
  for (auto* text : {&report.id, &report.scenario, &report.base, &report.head, &report.base_version,
                     &report.head_version})
    spoil(*text);
  for (auto& one : report.targets) {
    spoil(one.id);
    spoil(one.title);
    for (auto& why : one.invalid) spoil(why);
    one.raw[hostile] = hostile;
    for (auto& metric : one.metrics)
      for (auto* text : {&metric.id, &metric.title, &metric.reason}) spoil(*text);
  }
  report.machine["cpu_model"] = hostile;
  report.machine["hostname"] = hostile;
  return report;
}

}  // namespace pushlab::sample

#include "results/gate.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <stdexcept>

namespace pushlab::results {
namespace json = boost::json;
namespace {

constexpr std::array<std::string_view, 4> names{"pass", "fail", "undecided", "invalid"};

GateVerdict verdict_named(std::string_view name) {
  auto const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw std::invalid_argument("no verdict: " + std::string(name));
  return static_cast<GateVerdict>(found - names.begin());
}

// JSON has no infinity, and Boost would write one that it cannot read again.
json::value optional(std::optional<double> value) {
  if (!value || std::isnan(*value)) return nullptr;
  if (std::isinf(*value)) return *value > 0 ? "inf" : "-inf";
  return *value;
}

std::optional<double> number(json::object const& from, char const* key) {
  auto const& value = from.at(key);
  if (value.is_null()) return {};
  if (value == "inf") return HUGE_VAL;
  if (value == "-inf") return -HUGE_VAL;
  return value.to_number<double>();
}

std::string text(json::object const& from, char const* key) {
  return std::string(from.at(key).as_string());
}

json::object to_json(GatedMetric const& metric) {
  return {{"id", metric.id},
          {"title", metric.title},
          {"unit", metric.unit},
          {"verdict", name_of(metric.verdict)},
          {"base", optional(metric.base)},
          {"head", optional(metric.head)},
          {"effect", optional(metric.effect)},
          {"low", optional(metric.low)},
          {"high", optional(metric.high)},
          {"tolerance", optional(metric.tolerance)},
          {"limit", optional(metric.limit)},
          {"restarts", metric.restarts},
          {"reason", metric.reason}};
}

json::object to_json(GatedTarget const& target) {
  json::array metrics;
  for (auto const& metric : target.metrics) metrics.push_back(to_json(metric));
  return {{"id", target.id},
          {"title", target.title},
          {"verdict", name_of(target.verdict)},
          {"restarts", target.restarts},
          {"discarded", target.discarded},
          {"invalid", json::value_from(target.invalid)},
          {"duration_s", target.duration_s},
          {"metrics", std::move(metrics)},
          {"raw", target.raw}};
}

GatedMetric metric_from(json::object const& from) {
  return {text(from, "id"),       text(from, "title"),
          text(from, "unit"),     verdict_named(text(from, "verdict")),
          number(from, "base"),   number(from, "head"),
          number(from, "effect"), number(from, "low"),
          number(from, "high"),   number(from, "tolerance"),
          number(from, "limit"),  from.at("restarts").to_number<std::uint64_t>(),
          text(from, "reason")};
}

GatedTarget target_from(json::object const& from) {
  GatedTarget target;
  target.id = text(from, "id");
  target.title = text(from, "title");
  target.verdict = verdict_named(text(from, "verdict"));
  target.restarts = from.at("restarts").to_number<std::uint64_t>();
  target.discarded = from.at("discarded").to_number<std::uint64_t>();
  target.invalid = json::value_to<std::vector<std::string>>(from.at("invalid"));
  target.duration_s = from.at("duration_s").to_number<double>();
  for (auto const& metric : from.at("metrics").as_array())
    target.metrics.push_back(metric_from(metric.as_object()));
  target.raw = from.at("raw").as_object();
  return target;
}

}  // namespace

std::string_view name_of(GateVerdict verdict) {
  return names.at(static_cast<std::size_t>(verdict));
}

GateVerdict worst(GateVerdict a, GateVerdict b) {
  for (auto const verdict : {GateVerdict::fail, GateVerdict::invalid, GateVerdict::undecided})
    if (a == verdict || b == verdict) return verdict;
  return GateVerdict::pass;
}

json::object to_json(GateReport const& report) {
  json::array targets;
  for (auto const& target : report.targets) targets.push_back(to_json(target));
  return {{"schema", "pushlab.gate/1"},
          {"id", report.id},
          {"started", report.started},
          {"scenario", report.scenario},
          {"base", {{"name", report.base}, {"version", report.base_version}}},
          {"head", {{"name", report.head}, {"version", report.head_version}}},
          {"verdict", name_of(report.verdict)},
          {"seed", report.seed},
          {"duration_s", report.duration_s},
          {"targets", std::move(targets)},
          {"machine", report.machine},
          {"pushlab", report.pushlab}};
}

GateReport gate_from_json(json::object const& from) {
  if (text(from, "schema") != "pushlab.gate/1") throw std::invalid_argument("no pushlab.gate/1");
  GateReport report;
  report.id = text(from, "id");
  report.started = text(from, "started");
  report.scenario = text(from, "scenario");
  report.base = text(from.at("base").as_object(), "name");
  report.base_version = text(from.at("base").as_object(), "version");
  report.head = text(from.at("head").as_object(), "name");
  report.head_version = text(from.at("head").as_object(), "version");
  report.verdict = verdict_named(text(from, "verdict"));
  report.seed = from.at("seed").to_number<std::uint64_t>();
  report.duration_s = from.at("duration_s").to_number<double>();
  for (auto const& target : from.at("targets").as_array())
    report.targets.push_back(target_from(target.as_object()));
  report.machine = from.at("machine").as_object();
  report.pushlab = from.at("pushlab").as_object();
  return report;
}

}  // namespace pushlab::results

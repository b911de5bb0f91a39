#pragma once
// Decisions made up of figures, in the form that the runner writes.

#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

namespace pushlab::sample {

namespace json = boost::json;

// What one target shows; the interval is `spread` on either side of each figure (0.05: 5 %).
struct Shown {
  std::string id;
  std::string strategy;
  std::map<std::string, double> figures;
  double spread = 0.01;
  json::object options = {};
  bool third_party = false;
  bool valid = true;
};

inline json::object target(Shown const& shown) {
  json::object figures{{"lost", json::object{{"value", 0}, {"lo", 0}, {"hi", 0}}}};
  for (auto const& [metric, value] : shown.figures)
    figures[metric] = json::object{
        {"value", value}, {"lo", value * (1 - shown.spread)}, {"hi", value * (1 + shown.spread)}};
  return {
      {"id", shown.id},
      {"base", shown.id.substr(0, shown.id.find('@'))},
      {"title", "The " + shown.id},
      {"strategy", shown.strategy},
      {"third_party", shown.third_party},
      {"version", "1"},
      {"options", shown.options},
      {"repetitions", json::array{json::object{{"error", nullptr}}}},
      {"figures", figures},
      {"valid", shown.valid},
      {"invalid_reasons", shown.valid ? json::array{} : json::array{"The generator was late."}}};
}

struct Shape {
  std::string name = "fan-out";
  double rate = 10;
  double payload = 200;
};

inline json::object experiment(Shape const& shape, std::vector<Shown> const& shown) {
  json::array targets;
  for (auto const& one : shown) targets.push_back(target(one));
  json::object scenario{{"name", shape.name},
                        {"title", shape.name},
                        {"sha256", std::string(64, 'a')},
                        {"seed", 7},
                        {"clients", 100},
                        {"arrivals", "poisson"},
                        {"rate", shape.rate},
                        {"payload_bytes", shape.payload},
                        {"repetitions", 3},
                        {"measure_s", 10}};
  json::object result{{"schema", "pushlab.result/1"},
                      {"run", json::object{{"valid", true}}},
                      {"scenario", std::move(scenario)},
                      {"targets", std::move(targets)},
                      {"skipped", json::array{}}};
  return {{"name", shape.name}, {"title", shape.name}, {"result", std::move(result)}};
}

inline json::object decision(std::vector<json::object> const& experiments) {
  json::array list;
  for (auto const& one : experiments) list.push_back(one);
  json::object const pushlab{{"version", "0.1.0"}, {"commit", "0000000"}};
  return {{"schema", "pushlab.decision/1"},
          {"run", json::object{{"id", "19700101-000000-decision"},
                               {"started", "1970-01-01T00:00:00Z"},
                               {"valid", true},
                               {"pushlab", pushlab}}},
          {"machine", json::object{{"cpu_model", "Sample CPU"}, {"cores", 2}}},
          {"decision", json::object{{"name", "sample"},
                                    {"title", "How do events reach the page?"},
                                    {"question", "Which way for events?"},
                                    {"sha256", std::string(64, 'b')}}},
          {"experiments", std::move(list)},
          {"conformance", json::array{}},
          {"matrix", nullptr},
          {"claims", json::array{}}};
}

// A target with every figure that a decision weighs.
inline Shown option(std::string id, std::string strategy, double p99_ms, double cpu_us,
                    double memory_kib, double bytes, double useless = 0) {
  return {std::move(id),
          std::move(strategy),
          {{"latency_p99_ms", p99_ms},
           {"server_cpu_us_per_delivery", cpu_us},
           {"memory_kib_per_connection", memory_kib},
           {"bytes_per_delivery", bytes},
           {"useless_request_share", useless}}};
}

}  // namespace pushlab::sample

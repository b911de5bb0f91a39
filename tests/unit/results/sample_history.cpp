#include "tests/unit/results/sample_history.hpp"

#include <fmt/format.h>

#include <cmath>

#include "results/calibration.hpp"
#include "results/read.hpp"
#include "results/summary.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::sample {

namespace json = boost::json;
using results::text_at;

namespace {

json::object template_result(bool floor) {
  auto targets = five_targets();
  Target null = targets.front();
  null.id = "null";
  null.title = "Null server";
  null.latency_ms = [](Random& random, double share) {
    return 0.3 * std::exp(0.1 * random.normal()) + 0.9 * share;
  };
  null.cpu_us = 4;
  if (floor) targets.insert(targets.begin(), null);
  json::object made = result({20, 40, 2, 10, 0.08, 1}, targets);
  if (floor) made["targets"].at(0).as_object()["base"] = "null";
  results::summarise(made);
  made["scenario"].as_object()["name"] = "nightly";
  for (json::value& target : made["targets"].as_array()) {
    for (char const* member : {"repetitions", "histograms"}) target.as_object().erase(member);
  }
  return made;
}

double factor(std::size_t i, std::size_t count, json::object const& target,
              results::Metric const& metric) {
  std::string const id = text_at(target, "id");
  double factor = 1;
  if (results::depends_on_machine(metric, text_at(target, "strategy")) && 2 * i >= count)
    factor *= 1.4;
  bool const late = 3 * i >= 2 * count;
  if (late && id == "sse" && metric.path.starts_with("latency")) factor *= 1.12;
  if (late && id == "websocket" && metric.id == "bytes_per_delivery") factor *= 1.2;
  return factor;
}

}  // namespace

std::vector<json::object> history(std::size_t count, bool floor) {
  json::object const made = template_result(floor);
  Random random(7);
  std::vector<json::object> all;
  for (std::size_t i = 0; i < count; ++i) {
    json::object one = made;
    std::size_t const month = 1 + i / 28;
    std::string const date = fmt::format("2026{:02}{:02}", month, 1 + i % 28);
    json::object& run = one["run"].as_object();
    run["id"] = date + "-020000-nightly";
    run["started"] =
        fmt::format("{}-{}-{}T02:00:00Z", date.substr(0, 4), date.substr(4, 2), date.substr(6));
    run["pushlab"].as_object()["commit"] = fmt::format("c{:06x}", 77 * i);
    one["machine"].as_object()["cpu_model"] = 2 * i < count ? "Sample CPU" : "Slower sample CPU";
    for (json::value& value : one["targets"].as_array()) {
      json::object& target = value.as_object();
      for (auto& figure : target["figures"].as_object()) {
        results::Metric const& metric = results::metric(figure.key());
        auto const measured = results::number_at(figure.value().as_object(), "value");
        if (!measured) continue;
        bool const noisy = metric.unit == "ms" || metric.unit == "µs";
        double const noise = noisy ? std::exp(0.02 * random.normal()) : 1;
        figure.value().as_object()["value"] = *measured * noise * factor(i, count, target, metric);
      }
    }
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace pushlab::sample

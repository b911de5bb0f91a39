#include "report/gate_benchmarks.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>

#include "report/gate_words.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::GatedMetric;
using results::GateReport;

namespace {

// JSON has no infinity.
bool is_finite(std::optional<double> value) {
  return value && std::isfinite(*value);
}

std::string extra(GateReport const& report, GatedMetric const& metric) {
  return fmt::format("{}: {}\nbase {}: {}\nhead {}: {}\nrestarts: {}", name_of(metric.verdict),
                     metric.reason, gate_side(report.base, report.base_version),
                     gate_amount(metric.base, metric.unit),
                     gate_side(report.head, report.head_version),
                     gate_amount(metric.head, metric.unit), metric.restarts);
}

// Bencher's slugs: lower-case letters, digits and single hyphens, at most 64 of them.
std::string slug(std::string_view text, std::string_view end) {
  constexpr std::size_t most = 64;
  std::string made;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    bool const kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (kept) made += c;
    if (!kept && !made.empty() && made.back() != '-') made += '-';
  }
  made.resize(std::min(made.size(), most - end.size()));
  made.resize(made.find_last_not_of('-') + 1);  // npos + 1 is 0
  return (made.empty() ? "metric" : made) + std::string(end);
}

}  // namespace

std::string gate_benchmark_action(GateReport const& report) {
  json::array all;
  for (auto const& target : report.targets) {
    for (auto const& metric : target.metrics) {
      if (!is_finite(metric.head)) continue;
      bool const share = metric.unit == "share";
      json::object entry{{"name", target.title + ": " + metric.title},
                         {"unit", share                 ? "%"
                                  : metric.unit.empty() ? "count"
                                                        : metric.unit},
                         {"value", *metric.head * (share ? 100 : 1)},
                         {"extra", extra(report, metric)}};
      if (metric.effect)
        entry["range"] = fmt::format("{} {}", gate_change(metric.effect), gate_bounds(metric));
      all.push_back(std::move(entry));
    }
  }
  return json::serialize(all) + '\n';
}

std::string gate_bencher(GateReport const& report) {
  json::object all;
  for (auto const& target : report.targets) {
    json::object measures;
    for (auto const& metric : target.metrics) {
      if (is_finite(metric.head)) measures[slug(metric.id, "")] = {{"value", *metric.head}};
      if (!is_finite(metric.effect)) continue;
      json::object change{{"value", *metric.effect * 100}};
      if (is_finite(metric.low)) change["lower_value"] = *metric.low * 100;
      if (is_finite(metric.high)) change["upper_value"] = *metric.high * 100;
      measures[slug(metric.id, "-change")] = std::move(change);
    }
    if (!measures.empty()) all[target.id] = std::move(measures);
  }
  return json::serialize(all) + '\n';
}

}  // namespace pushlab::report

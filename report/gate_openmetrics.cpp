#include "report/gate_openmetrics.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <initializer_list>
#include <utility>

namespace pushlab::report {

using results::GatedMetric;
using results::GatedTarget;
using results::GateReport;
using results::GateVerdict;

namespace {

using Label = std::pair<std::string_view, std::string_view>;

std::string label_value(std::string_view text) {
  std::string escaped;
  for (char const c : text) {
    if (c == '\\' || c == '"') escaped += '\\';
    if (c == '\n') {
      escaped += "\\n";
    } else if (c == '#') {
      escaped += "%23";  // GitLab takes the rest of a line for a comment, quoted or not
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

class Text {
 public:
  // `unit` is the end of the name, or empty.
  void family(std::string_view name, std::string_view type, std::string_view unit,
              std::string_view help) {
    name_ = name;
    text_ += fmt::format("# TYPE {} {}\n", name, type);
    if (!unit.empty()) text_ += fmt::format("# UNIT {} {}\n", name, unit);
    text_ += fmt::format("# HELP {} {}\n", name, help);
  }
  void sample(std::initializer_list<Label> labels, double value, std::string_view suffix = "") {
    std::string joined;
    for (auto const& [name, of] : labels)
      joined += fmt::format("{}{}=\"{}\"", joined.empty() ? "" : ",", name, label_value(of));
    text_ += fmt::format("{}{}{} {}\n", name_, suffix, joined.empty() ? "" : '{' + joined + '}',
                         number(value));
  }
  std::string take() { return std::move(text_) + "# EOF\n"; }

 private:
  std::string name_;
  std::string text_;
};

constexpr std::array verdicts{GateVerdict::pass, GateVerdict::fail, GateVerdict::undecided,
                              GateVerdict::invalid};

void states(GateReport const& report, Text& text) {
  constexpr std::string_view whole = "pushlab_gate_verdict";
  text.family(whole, "stateset", "", "What the gate says of the change.");
  for (auto const one : verdicts) text.sample({{whole, name_of(one)}}, one == report.verdict);
  constexpr std::string_view by_target = "pushlab_gate_target_verdict";
  text.family(by_target, "stateset", "", "What it says of one target.");
  for (auto const& target : report.targets)
    for (auto const one : verdicts)
      text.sample({{"target", target.id}, {by_target, name_of(one)}}, one == target.verdict);
  constexpr std::string_view by_metric = "pushlab_gate_metric_verdict";
  text.family(by_metric, "stateset", "", "What it says of one metric of a target.");
  for (auto const& target : report.targets)
    for (auto const& metric : target.metrics)
      for (auto const one : verdicts)
        text.sample({{"target", target.id}, {"metric", metric.id}, {by_metric, name_of(one)}},
                    one == metric.verdict);
}

void shares(GateReport const& report, Text& text, std::string_view name, std::string_view help,
            std::optional<double> GatedMetric::* member) {
  text.family(name, "gauge", "ratio", help);
  for (auto const& target : report.targets)
    for (auto const& metric : target.metrics)
      if (metric.*member)
        text.sample({{"target", target.id}, {"metric", metric.id}}, *(metric.*member));
}

struct BaseUnit {
  std::string_view unit;  // ours
  std::string_view base;  // OpenMetrics'
  double factor;
};
constexpr std::array base_units{BaseUnit{"ns", "seconds", 1e9},
                                BaseUnit{"us", "seconds", 1e6},
                                BaseUnit{"µs", "seconds", 1e6},
                                BaseUnit{"ms", "seconds", 1e3},
                                BaseUnit{"s", "seconds", 1},
                                BaseUnit{"bytes", "bytes", 1},
                                BaseUnit{"B", "bytes", 1},
                                BaseUnit{"KiB", "bytes", 1.0 / 1024},
                                BaseUnit{"MiB", "bytes", 1.0 / 1048576},
                                BaseUnit{"share", "ratio", 1}};

BaseUnit base_unit(std::string_view unit) {
  for (auto const& one : base_units)
    if (one.unit == unit) return one;
  return {unit, "", 1};
}

// Divided, because 1000 and 1024 are exact and their inverses are not.
void values(GateReport const& report, Text& text, std::string_view base) {
  auto const name = fmt::format("pushlab_gate_value{}{}", base.empty() ? "" : "_", base);
  text.family(name, "gauge", base, "The typical value of base and of head.");
  auto const sample = [&](GatedTarget const& target, GatedMetric const& metric,
                          std::string_view side, std::optional<double> value) {
    auto const unit = base_unit(metric.unit);
    if (!value || unit.base != base) return;
    if (base.empty()) {
      text.sample(
          {{"target", target.id}, {"metric", metric.id}, {"side", side}, {"unit", metric.unit}},
          *value);
    } else {
      text.sample({{"target", target.id}, {"metric", metric.id}, {"side", side}},
                  *value / unit.factor);
    }
  };
  for (auto const& target : report.targets) {
    for (auto const& metric : target.metrics) {
      sample(target, metric, "base", metric.base);
      sample(target, metric, "head", metric.head);
    }
  }
}

void counts(GateReport const& report, Text& text) {
  text.family("pushlab_gate_restarts", "gauge", "", "Restarts whose figures count.");
  for (auto const& target : report.targets)
    text.sample({{"target", target.id}}, static_cast<double>(target.restarts));
  text.family("pushlab_gate_discarded_restarts", "gauge", "", "Restarts that were invalid.");
  for (auto const& target : report.targets)
    text.sample({{"target", target.id}}, static_cast<double>(target.discarded));
  text.family("pushlab_gate_duration_seconds", "gauge", "seconds", "How long the gate took.");
  text.sample({}, report.duration_s);
}

}  // namespace

std::string gate_openmetrics(GateReport const& report) {
  Text text;
  text.family("pushlab_gate", "info", "", "What was compared.");
  text.sample({{"id", report.id},
               {"scenario", report.scenario},
               {"seed", std::to_string(report.seed)},
               {"base", report.base},
               {"base_version", report.base_version},
               {"head", report.head},
               {"head_version", report.head_version}},
              1, "_info");
  states(report, text);
  shares(report, text, "pushlab_gate_effect_ratio", "How much more head needs than base.",
         &GatedMetric::effect);
  shares(report, text, "pushlab_gate_effect_low_ratio", "One-sided lower bound of the effect.",
         &GatedMetric::low);
  shares(report, text, "pushlab_gate_effect_high_ratio", "One-sided upper bound of the effect.",
         &GatedMetric::high);
  shares(report, text, "pushlab_gate_tolerance_ratio", "Fails when the lower bound is above it.",
         &GatedMetric::tolerance);
  shares(report, text, "pushlab_gate_limit_ratio", "Passes when the upper bound is below it.",
         &GatedMetric::limit);
  for (std::string_view const base : {"seconds", "bytes", "ratio", ""}) values(report, text, base);
  counts(report, text);
  return text.take();
}

}  // namespace pushlab::report

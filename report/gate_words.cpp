#include "report/gate_words.hpp"

#include <fmt/format.h>

#include <cmath>

#include "results/format.hpp"

namespace pushlab::report {

using results::GatedMetric;
using results::GatedTarget;
using results::GateReport;
using results::GateVerdict;

namespace {

constexpr std::string_view none = "–";

// Why a target has its verdict, one entry a cause.
void add_causes(GatedTarget const& target, std::vector<std::string>& causes) {
  auto const before = causes.size();
  if (target.verdict == GateVerdict::invalid)
    for (auto const& why : target.invalid) causes.push_back(target.title + ": " + why);
  if (causes.size() > before) return;
  for (auto const& metric : target.metrics) {
    if (metric.verdict == target.verdict)
      causes.push_back(fmt::format("{} / {}: {}", target.title, metric.title, metric.reason));
  }
  if (causes.size() == before) causes.push_back(target.title);
}

std::string passed(GateReport const& report) {
  std::size_t metrics = 0;
  for (auto const& target : report.targets) metrics += target.metrics.size();
  return fmt::format("no regression in {} figure{} of {} target{}", metrics,
                     metrics == 1 ? "" : "s", report.targets.size(),
                     report.targets.size() == 1 ? "" : "s");
}

}  // namespace

std::string gate_amount(std::optional<double> value, std::string_view unit) {
  if (!value || std::isnan(*value)) return std::string(none);
  if (std::isinf(*value)) return *value > 0 ? "∞" : "-∞";
  return results::quantity(*value, unit);
}

std::string gate_change(std::optional<double> share) {
  if (!share || std::isnan(*share)) return std::string(none);
  if (std::isinf(*share)) return *share > 0 ? "+∞ %" : "-∞ %";
  double const percent = *share * 100;
  if (std::abs(percent) < 0.05) return "0.0 %";
  return fmt::format("{:+.{}f} %", percent, std::abs(percent) < 99.95 ? 1 : 0);
}

std::string gate_share(std::optional<double> share) {
  if (!share || !std::isfinite(*share)) return std::string(none);
  return fmt::format("{:.3g} %", *share * 100);
}

std::string gate_bounds(GatedMetric const& metric) {
  if (!metric.low && !metric.high) return {};
  return fmt::format("[{}, {}]", gate_change(metric.low), gate_change(metric.high));
}

std::string gate_side(std::string const& name, std::string const& version) {
  if (version.empty() || version == name) return name;
  return fmt::format("{} ({})", name, version);
}

std::string gate_reason(GateReport const& report) {
  if (report.verdict == GateVerdict::pass) return passed(report);
  std::vector<std::string> causes;
  for (auto const& target : report.targets)
    if (target.verdict == report.verdict) add_causes(target, causes);
  if (causes.empty()) return "nothing was measured";
  auto const others = causes.size() - 1;
  return causes.front() + (others > 0 ? fmt::format(", and {} more", others) : "");
}

std::string gate_sentence(GateReport const& report) {
  return fmt::format("{}: {}", name_of(report.verdict), gate_reason(report));
}

std::vector<std::string> gate_next_steps(GateReport const& report) {
  switch (report.verdict) {
    case GateVerdict::pass:
      return {};
    case GateVerdict::fail:
      return {
          "Look at every restart's values in gate.json (targets[].raw): a real regression is in "
          "nearly all of them.",
          "Profile both builds under this scenario, or gate the commits between them one by one.",
          "If the cost is meant, say so in the change and raise the tolerance in the scenario."};
    case GateVerdict::undecided:
      return {"This is no pass: the noise was too large to tell a regression from none.",
              "Run it again where nothing else runs, or allow more restarts in the scenario.",
              "With --strict an undecided gate ends with exit status 3."};
    case GateVerdict::invalid:
      return {"Nothing is said of the change: the machine or the load generator was the limit.",
              "Run it once more, on another runner if there is one; nothing else should run there.",
              "If it stays invalid, lower the rate or the number of clients in the scenario."};
  }
  return {};
}

}  // namespace pushlab::report

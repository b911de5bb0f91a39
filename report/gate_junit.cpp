#include "report/gate_junit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/gate_words.hpp"
#include "report/xml_text.hpp"
#include "results/format.hpp"
#include "results/read.hpp"

namespace pushlab::report {

using results::GatedMetric;
using results::GatedTarget;
using results::GateReport;
using results::GateVerdict;

namespace {

struct Case {
  std::string name;
  GateVerdict verdict;
  std::string reason;
  std::string details = {};
};

std::string details(GatedMetric const& metric) {
  auto text =
      fmt::format("{}\nbase {}, head {}", metric.reason, gate_amount(metric.base, metric.unit),
                  gate_amount(metric.head, metric.unit));
  if (metric.effect)
    text += fmt::format(", change {} {}", gate_change(metric.effect), gate_bounds(metric));
  if (metric.tolerance && metric.limit)
    text += fmt::format("\nfails when surely above {}, passes when surely below {}",
                        gate_share(metric.tolerance), gate_share(metric.limit));
  return text + fmt::format("\n{} restarts", metric.restarts);
}

// Without the first one a target that was never measured would look as if it had passed.
std::vector<Case> cases(GatedTarget const& target) {
  std::string const why =
      target.invalid.empty() ? "nothing was measured" : results::list(target.invalid);
  bool const explained = std::ranges::any_of(
      target.metrics, [&](auto const& metric) { return metric.verdict == target.verdict; });
  auto verdict = GateVerdict::pass;
  if (target.verdict == GateVerdict::invalid || !explained) verdict = target.verdict;
  std::vector<Case> all{{"the measurement", verdict, verdict == GateVerdict::pass ? "" : why}};
  for (auto const& metric : target.metrics)
    all.push_back({metric.title, metric.verdict, metric.reason, details(metric)});
  return all;
}

std::string outcome(Case const& one) {
  auto const reason = xml_text(one.reason);
  auto const text = xml_text(one.details);
  switch (one.verdict) {
    case GateVerdict::fail:
      return fmt::format("<failure type=\"regression\" message=\"{}\">{}</failure>", reason, text);
    case GateVerdict::invalid:
      return fmt::format("<error type=\"invalid\" message=\"{}\">{}</error>", reason, text);
    case GateVerdict::undecided:
      return fmt::format("<skipped message=\"undecided: {}\"/><system-out>{}</system-out>", reason,
                         text);
    case GateVerdict::pass:
      return one.details.empty() ? "" : fmt::format("<system-out>{}</system-out>", text);
  }
  return {};
}

std::size_t count(std::vector<Case> const& all, GateVerdict verdict) {
  return static_cast<std::size_t>(std::ranges::count(all, verdict, &Case::verdict));
}

std::string properties(GateReport const& report, GatedTarget const& target) {
  std::string text = "    <properties>\n";
  auto const add = [&](std::string_view name, std::string const& value) {
    text += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, xml_text(value));
  };
  add("gate", report.id);
  add("scenario", report.scenario);
  add("seed", std::to_string(report.seed));
  add("base", gate_side(report.base, report.base_version));
  add("head", gate_side(report.head, report.head_version));
  add("restarts", std::to_string(target.restarts));
  add("discarded", std::to_string(target.discarded));
  return text + "    </properties>\n";
}

// gate.json says where it was measured only if the machine's facts have the name.
std::string hostname(GateReport const& report) {
  auto const name = results::text_at(report.machine, "hostname");
  return name.empty() ? "" : fmt::format(" hostname=\"{}\"", xml_text(name));
}

std::string suite(GateReport const& report, GatedTarget const& target,
                  std::vector<Case> const& all) {
  auto text = fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
      "time=\"{:.3f}\" timestamp=\"{}\"{}>\n{}",
      xml_text(target.title), all.size(), count(all, GateVerdict::fail),
      count(all, GateVerdict::invalid), count(all, GateVerdict::undecided), target.duration_s,
      xml_text(report.started), hostname(report), properties(report, target));
  for (auto const& one : all)
    text += fmt::format("    <testcase classname=\"pushlab.gate.{}\" name=\"{}\">{}</testcase>\n",
                        xml_text(target.id), xml_text(one.name), outcome(one));
  return text + "  </testsuite>\n";
}

}  // namespace

std::string gate_junit(GateReport const& report) {
  auto targets = report.targets;
  if (targets.empty()) {
    targets.push_back({});
    targets.front().id = targets.front().title = "gate";
    targets.front().verdict = report.verdict;
  }
  std::string suites;
  std::size_t tests = 0, failures = 0, errors = 0;
  for (auto const& target : targets) {
    auto const all = cases(target);
    tests += all.size();
    failures += count(all, GateVerdict::fail);
    errors += count(all, GateVerdict::invalid);
    suites += suite(report, target, all);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"pushlab gate\" "
      "tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\">\n{}</testsuites>\n",
      tests, failures, errors, report.duration_s, suites);
}

}  // namespace pushlab::report

#include "driver/capacity_probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <limits>
#include <tuple>

#include "driver/program_path.hpp"
#include "driver/result_writer.hpp"
#include "driver/scenario_run.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace {

constexpr double longest_warmup_s = 5;

constexpr auto workload = R"(title = "Capacity"
arrivals = "poisson"
drain_s = 3
)";

std::optional<double> number(json::object const& object, std::string_view key) {
  auto const* value = object.if_contains(key);
  if (!value || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

std::optional<double> number(json::object const& object, std::string_view of,
                             std::string_view key) {
  auto const* inner = object.if_contains(of);
  if (!inner || !inner->is_object()) return std::nullopt;
  return number(inner->get_object(), key);
}

std::string text(json::object const& object, std::string_view key) {
  auto const* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : "";
}

json::value maybe(std::optional<double> value) {
  return value ? json::value(*value) : json::value();
}

// Only what ended the server counts against it.
Verdict verdict_of_error(std::string const& error) {
  if (error.starts_with("the server ended under load")) return Verdict::fails;
  if (error.starts_with("the load generator")) return Verdict::generator;
  return Verdict::broken;
}

std::pair<Verdict, std::string> verdict_of(ProbeFigures const& seen, Slo const& slo) {
  if (!seen.error.empty()) return {verdict_of_error(seen.error), seen.error};
  if (!seen.generator_faults.empty()) return {Verdict::generator, seen.generator_faults.front()};
  if (seen.unconnected > 0)
    return {Verdict::fails, fmt::format("{} clients could not connect", seen.unconnected)};
  if (seen.lost > 0 || seen.undelivered)
    return {Verdict::fails, fmt::format("{} deliveries were lost", seen.lost)};
  if (!seen.late_events.empty())
    return {Verdict::fails, "its ingest did not take the events in time"};
  if (!seen.value) return {Verdict::undecided, "nothing was measured"};
  // Without an interval nothing varied.
  if (seen.hi.value_or(*seen.value) <= slo.limit_ms) return {Verdict::holds, ""};
  if (seen.lo.value_or(*seen.value) > slo.limit_ms)
    return {Verdict::fails, fmt::format("{} was {:.3g} ms", slo.figure, *seen.value)};
  return {Verdict::undecided, "the limit is inside the interval"};
}

// The generator's own delay would show in its loop or its CPU, too.
bool waits_for_ingest(json::object const& generator) {
  auto const* checks = generator.if_contains("checks");
  if (!checks || !checks->is_array()) return false;
  return std::ranges::all_of(checks->get_array(), [](json::value const& check) {
    auto const name = text(check.as_object(), "check");
    return text(check.as_object(), "verdict") != "invalid" || name == "send_rate" || name == "lag";
  });
}

void add_faults(ProbeFigures& seen, json::object const& generator) {
  if (generator.at("valid").as_bool()) return;
  std::vector<std::string> faults;
  for (auto const& reason : generator.at("invalid_reasons").as_array())
    faults.emplace_back(reason.as_string());
  if (faults.empty()) faults.emplace_back("the load generator does not vouch for it");
  if (waits_for_ingest(generator))
    seen.late_events = faults.front();
  else
    seen.generator_faults = std::move(faults);
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::holds:
      return "holds";
    case Verdict::fails:
      return "fails";
    case Verdict::undecided:
      return "undecided";
    case Verdict::generator:
      return "generator";
    case Verdict::broken:
      return "broken";
  }
  return "";
}

ProbeFigures figures_of(json::object const& result, std::string const& metric) {
  auto const& target = result.at("targets").at(0).as_object();
  auto const& repetition = target.at("repetitions").at(0).as_object();
  ProbeFigures seen;
  seen.error = text(repetition, "error");
  if (!seen.error.empty()) return seen;
  auto const& figure = target.at("figures").at(metric).as_object();
  seen.value = number(figure, "value");
  seen.lo = number(figure, "lo");
  // An end without a number is infinite when the other one has one.
  seen.hi = number(figure, "hi");
  if (seen.lo && !seen.hi) seen.hi = std::numeric_limits<double>::infinity();
  seen.undelivered = figure.contains("undelivered");
  seen.remark = text(figure, "remark");
  seen.events = number(repetition, "events").value_or(0);
  seen.lost = number(repetition, "lost").value_or(0);
  seen.unconnected = number(repetition, "connect_failures").value_or(0);
  seen.server_cpu = number(repetition, "server", "cpu_share");
  seen.generator_cpu = number(repetition, "generator", "cpu_share");
  add_faults(seen, repetition.at("generator").as_object());
  return seen;
}

void judge(Probe& probe, Slo const& slo) {
  std::tie(probe.verdict, probe.reason) = verdict_of(probe.figures, slo);
}

Scenario scenario_of(CapacityQuestion const& question, double load, double measure_s,
                     unsigned number) {
  auto const clients = question.vary_clients ? std::llround(load) : question.clients;
  toml::table entry{{"id", std::filesystem::absolute(question.target).string()},
                    {"as", question.target.stem().string()}};
  if (question.threads)
    entry.insert("server_args", toml::array{"--threads", std::to_string(*question.threads)});
  toml::table over{{"targets", toml::array{std::move(entry)}},
                   {"clients", static_cast<std::int64_t>(clients)},
                   {"rate", question.vary_clients ? question.rate : load},
                   {"payload_bytes", static_cast<std::int64_t>(question.payload_bytes)},
                   {"warmup_s", std::min(measure_s / 2, longest_warmup_s)},
                   {"measure_s", measure_s},
                   {"seed", static_cast<std::int64_t>(number)}};
  return parse_scenario(workload, scenarios_folder() / "capacity.toml", over);
}

Probe run_probe(CapacityQuestion const& question, double load, double measure_s, unsigned number,
                std::filesystem::path const& folder) {
  ScenarioRun run(scenario_of(question, load, measure_s, number), {});
  if (run.nothing_to_run()) {
    auto const& skipped = run.skipped().at(0).as_object();
    throw InputError(
        fmt::format("{}: {}", question.target.stem().string(), text(skipped, "reason")));
  }
  run.be_a_probe();
  run.set_label(fmt::format("probe {}, {:.4g} {}: ", number, load,
                            question.vary_clients ? "clients" : "events/s"));
  // A folder of its own: what the server before said in its log is not what this one says.
  auto const logs = folder / fmt::format("probe-{}-{}", question.threads.value_or(0), number);
  std::filesystem::create_directories(logs);
  auto result = run.execute(logs, logs.filename().string());
  summarise(result);
  Probe probe{.load = load, .measure_s = measure_s};
  probe.figures = figures_of(result, question.slo.metric);
  judge(probe, question.slo);
  return probe;
}

json::object to_json(Probe const& probe) {
  auto const& seen = probe.figures;
  auto const finite = [](std::optional<double> value) {
    return value && std::isfinite(*value) ? json::value(*value) : json::value();
  };
  return {{"load", probe.load},
          {"measure_s", probe.measure_s},
          {"confirms", probe.confirms},
          {"verdict", name_of(probe.verdict)},
          {"reason", probe.reason},
          {"value", finite(seen.value)},
          {"lo", finite(seen.lo)},
          {"hi", finite(seen.hi)},
          {"events", seen.events},
          {"lost", seen.lost},
          {"server_cpu_share", maybe(seen.server_cpu)},
          {"generator_cpu_share", maybe(seen.generator_cpu)},
          {"late_events", seen.late_events},
          {"generator_faults", json::value_from(seen.generator_faults)},
          {"remark", seen.remark}};
}

}  // namespace pushlab::driver

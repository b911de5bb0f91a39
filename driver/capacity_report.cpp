#include "driver/capacity_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

namespace pushlab::driver {
namespace json = boost::json;
namespace {

using Outcome = CapacityCourse::Outcome;

json::value maybe(std::optional<double> value) {
  return value ? json::value(*value) : json::value();
}

json::value maybe_threads(CapacityQuestion const& question) {
  return question.threads ? json::value(*question.threads) : json::value();
}

char const* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::found:
      return "found";
    case Outcome::none:
      return "none";
    case Outcome::unconfirmed:
      return "unconfirmed";
    case Outcome::generator:
      return "generator";
    case Outcome::broken:
      return "broken";
    case Outcome::interrupted:
      return "interrupted";
  }
  return "";
}

std::string who(CapacityQuestion const& question) {
  auto text = question.target.stem().string();
  if (question.threads)
    text += fmt::format(" with {} thread{}", *question.threads, *question.threads == 1 ? "" : "s");
  return text;
}

std::string others(CapacityQuestion const& question) {
  return question.vary_clients ? fmt::format("at {:g} events/s", question.rate)
                               : fmt::format("to {} clients", question.clients);
}

std::string ms(double value) {
  return std::isfinite(value) ? fmt::format("{:.3g}", value) : "inf";
}

std::string figure(ProbeFigures const& seen) {
  if (seen.undelivered) return "undelivered";
  if (!seen.value) return "-";
  auto text = ms(*seen.value);
  if (seen.lo) text += fmt::format(" ({} to {})", ms(*seen.lo), ms(seen.hi.value_or(INFINITY)));
  return text;
}

std::string share(std::optional<double> value) {
  return value ? fmt::format("{:.0f} %", *value * 100) : "-";
}

// Above the bracket, or that there is nothing above.
std::string bracket(CapacityQuestion const& question, CapacityCourse const& course) {
  if (course.reached_most) return "no higher load was tried (--most), so it may hold more";
  if (!course.fails) return "no load above it failed";
  return fmt::format("{} failed", load_text(question, *course.fails));
}

std::string held_so_far(CapacityQuestion const& question, CapacityCourse const& course) {
  return course.max > 0 ? fmt::format("{} held", load_text(question, course.max))
                        : "no lower load held";
}

// A rare percentile of a short probe is that of a few events.
std::string remark_on_events(CapacityQuestion const& question, CapacityCourse const& course) {
  double const wanted = question.slo.events_wanted();
  double fewest = wanted;
  for (auto const& probe : course.probes)
    if (probe.confirms && probe.load == course.confirmed)
      fewest = std::min(fewest, probe.figures.events);
  if (fewest >= wanted) return "";
  return fmt::format(
      " A {} should rest on {:.0f} events, and a confirming probe had {:.0f}: take it for an order "
      "of magnitude, or give a longer --confirm.",
      question.slo.figure, wanted, fewest);
}

// The lowest load that was tried, when none held.
Probe const& lowest(CapacityCourse const& course) {
  return *std::ranges::min_element(course.probes, {}, &Probe::load);
}

}  // namespace

std::string load_text(CapacityQuestion const& question, double load) {
  return question.vary_clients ? fmt::format("{:.0f} clients", load)
                               : fmt::format("{:.4g} events/s", load);
}

std::string sentence(CapacityQuestion const& question, CapacityCourse const& course) {
  auto const load = [&](double value) { return load_text(question, value); };
  switch (course.outcome()) {
    case Outcome::found:
      return fmt::format("{} holds {} up to {} {}: confirmed {}, max {}; {}.{}", who(question),
                         question.slo.text(), load(course.confirmed), others(question),
                         load(course.confirmed), load(course.max), bracket(question, course),
                         remark_on_events(question, course));
    case Outcome::unconfirmed:
      return fmt::format(
          "{} held {} once at {} {}, but no load held again and again: measure "
          "longer, or on a quieter machine.",
          who(question), question.slo.text(), load(course.max), others(question));
    case Outcome::generator:
      return fmt::format(
          "The load generator was the limit at {} {}, so the capacity of {} is not known; {}. {}",
          load(*course.generator), others(question), who(question), held_so_far(question, course),
          course.probes.back().reason);
    case Outcome::broken:
      return fmt::format(
          "No probe could be carried out at {} {}, so the search ended there without a capacity; "
          "{}. {}",
          load(*course.broken), others(question), held_so_far(question, course),
          course.probes.back().reason);
    case Outcome::interrupted:
      return fmt::format("The search was interrupted, so the capacity of {} is not known; {}.",
                         who(question),
                         course.max > 0 ? load(course.max) + " held" : "no load had held yet");
    case Outcome::none:
      break;
  }
  if (course.probes.empty()) return "Nothing was measured.";
  return fmt::format("{} does not hold {} at {} {}, the lowest load that was tried: {}.",
                     who(question), question.slo.text(), load(lowest(course).load),
                     others(question), lowest(course).reason);
}

std::string probe_table(CapacityQuestion const& question, CapacityCourse const& course) {
  auto text = fmt::format("{:>12}{:>9}{:>28}{:>9}{:>11}{:>9}  {}\n{:>12}{:>9}{:>28}{:>9}{:>11}\n",
                          "load", "time", question.slo.figure, "server", "generator", "lost",
                          "verdict", question.vary_clients ? "clients" : "events/s", "s",
                          "ms (95 % interval)", "CPU", "CPU");
  for (auto const& probe : course.probes) {
    auto const& seen = probe.figures;
    auto const load = question.vary_clients ? fmt::format("{:.0f}", probe.load)
                                            : fmt::format("{:.4g}", probe.load);
    text += fmt::format("{:>12}{:>9.4g}{:>28}{:>9}{:>11}{:>9.0f}  {}{}\n", load, probe.measure_s,
                        figure(seen), share(seen.server_cpu), share(seen.generator_cpu), seen.lost,
                        driver::name_of(probe.verdict), probe.confirms ? " (confirming)" : "");
  }
  return text;
}

json::object result_json(CapacityQuestion const& question, CapacityCourse const& course) {
  return {{"threads", maybe_threads(question)},
          {"outcome", name_of(course.outcome())},
          {"confirmed", course.confirmed > 0 ? json::value(course.confirmed) : json::value()},
          {"max", course.max > 0 ? json::value(course.max) : json::value()},
          {"fails", maybe(course.fails)},
          {"generator_limit", maybe(course.generator)},
          {"reached_most", course.reached_most},
          {"sentence", sentence(question, course)}};
}

json::array probes_json(CapacityQuestion const& question, CapacityCourse const& course) {
  json::array probes;
  for (auto const& probe : course.probes) {
    auto one = to_json(probe);
    one["threads"] = maybe_threads(question);
    probes.push_back(std::move(one));
  }
  return probes;
}

}  // namespace pushlab::driver

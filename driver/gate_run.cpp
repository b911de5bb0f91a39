#include "driver/gate_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>

#include "driver/exact_counts.hpp"
#include "driver/interrupt.hpp"
#include "driver/scenario_run.hpp"
#include "driver/status_line.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

struct Course {
  std::vector<results::GateRestart> restarts;  // valid
  std::vector<results::GateRestart> discarded;
  std::vector<results::GatedMetric> metrics;

  // A third of all restarts, and the first ones never all: then the machine is no place to measure.
  bool is_hopeless(std::size_t most) const {
    return discarded.size() > most / 3 || (restarts.empty() && discarded.size() >= 3);
  }
};

json::object raw_of(Course const& course) {
  json::array restarts, discarded;
  for (auto const& restart : course.restarts) restarts.push_back(to_json(restart));
  for (auto const& restart : course.discarded) discarded.push_back(to_json(restart));
  return {{"restarts", std::move(restarts)}, {"discarded", std::move(discarded)}};
}

results::GatedTarget verdict_on(Course course, Target const& target, std::size_t most) {
  results::GatedTarget gated;
  gated.id = target.id;
  gated.title = target.title;
  gated.restarts = course.restarts.size();
  gated.discarded = course.discarded.size();
  gated.raw = raw_of(course);
  gated.verdict = results::verdict_of(course.metrics);
  gated.metrics = std::move(course.metrics);
  bool const failed = gated.verdict == results::GateVerdict::fail;
  if (failed || !course.is_hopeless(most)) return gated;
  gated.verdict = results::GateVerdict::invalid;
  for (auto const& restart : course.discarded)
    gated.invalid.insert(gated.invalid.end(), restart.invalid.begin(), restart.invalid.end());
  return gated;
}

// What neither side can be counted for, because a tool is missing or the clients ask by the clock,
// is no metric of this gate; the reason is in the raw figures.
void add_counts(results::GatedTarget& gated, GateTargets const& targets) {
  auto const base = exact_counts(targets[0], exact_plan(targets[0]));
  auto const head = exact_counts(targets[1], exact_plan(targets[1]));
  gated.raw["counts"] = {{"base", results::to_json(base)}, {"head", results::to_json(head)}};
  for (auto& metric : results::judge_counts(base, head)) {
    if (!metric.base && !metric.head) continue;
    gated.verdict = results::worst(gated.verdict, metric.verdict);
    gated.metrics.push_back(std::move(metric));
  }
}

bool is_over(results::GateVerdict verdict) {
  return verdict == results::GateVerdict::fail || verdict == results::GateVerdict::invalid;
}

}  // namespace

results::GatedTarget gate_target(GateFile const& gate, GateTargets const& targets,
                                 GateOptions const& options, std::uint64_t seed,
                                 fs::path const& folder, std::string const& label) {
  auto const begin = Clock::now();
  std::size_t const most = gate.rules.looks.back();
  Course course;
  StatusLine status;
  for (std::uint64_t number = 0;; ++number) {
    status.show(fmt::format("{}restart {} of {} to {}, {:.0f} s each", label,
                            course.restarts.size() + 1, gate.rules.looks.front(), most,
                            usual_seconds(gate)));
    auto const place = folder / fmt::format("{}-{}", targets[1].id, number + 1);
    fs::create_directories(place);
    auto restart = measure_restart(gate, targets, options.cores, seed + number, place);
    if (interrupted()) throw RunInterrupted();
    bool const counts = restart.invalid.empty() || results::head_is_at_fault(restart);
    if (counts) fs::remove_all(place);  // the logs of the others tell what went wrong
    (counts ? course.restarts : course.discarded).push_back(std::move(restart));
    course.metrics = results::judge(gate.rules, course.restarts, course.discarded);
    if (course.is_hopeless(most) ||
        !results::goes_on(gate.rules, course.metrics, course.restarts.size(), options.complete))
      break;
  }
  auto gated = verdict_on(std::move(course), targets[1], most);
  if (gate.counts && (options.complete || !is_over(gated.verdict))) {
    status.show(fmt::format("{}counting what a delivery takes", label));
    add_counts(gated, targets);
    if (interrupted()) throw RunInterrupted();
  }
  gated.duration_s = std::chrono::duration<double>(Clock::now() - begin).count();
  return gated;
}

}  // namespace pushlab::driver

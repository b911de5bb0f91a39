#include "driver/capacity_course.hpp"

#include <algorithm>

#include "driver/scenario_run.hpp"

namespace pushlab::driver {
namespace {

class Course {
 public:
  explicit Course(std::function<Probe(double, double)> const& measure) : measure_(measure) {}

  // The verdict that the search is told: holds or fails, or generator when it cannot be had.
  Verdict decide(double load, double measure_s, bool confirms) {
    auto verdict = add(load, measure_s, confirms);
    if (verdict == Verdict::generator || verdict == Verdict::broken)
      verdict = add(load, measure_s, confirms);
    if (verdict == Verdict::undecided) verdict = add(load, 2 * measure_s, confirms);
    if (verdict == Verdict::undecided) verdict = Verdict::fails;
    if (verdict == Verdict::generator && lowest_failed_ && *lowest_failed_ <= load)
      verdict = Verdict::fails;
    if (verdict == Verdict::fails) lowest_failed_ = std::min(lowest_failed_.value_or(load), load);
    if (verdict == Verdict::holds && lowest_failed_ && *lowest_failed_ <= load)
      lowest_failed_.reset();  // it failed by accident
    if (verdict == Verdict::fails) failed_.push_back(load);
    return verdict;
  }

  std::vector<Probe> take() { return std::move(probes_); }
  std::optional<double> fails_above(double load) const {
    std::optional<double> lowest;
    for (double const failed : failed_)
      if (failed > load) lowest = std::min(lowest.value_or(failed), failed);
    return lowest;
  }

 private:
  Verdict add(double load, double measure_s, bool confirms) {
    probes_.push_back(measure_(load, measure_s));
    probes_.back().confirms = confirms;
    return probes_.back().verdict;
  }

  std::function<Probe(double, double)> const& measure_;
  std::vector<Probe> probes_;
  std::vector<double> failed_;
  std::optional<double> lowest_failed_;
};

}  // namespace

CapacityCourse::Outcome CapacityCourse::outcome() const {
  if (interrupted) return Outcome::interrupted;
  if (generator) return Outcome::generator;
  if (broken) return Outcome::broken;
  if (confirmed > 0) return Outcome::found;
  return max > 0 ? Outcome::unconfirmed : Outcome::none;
}

CapacityCourse run_search(CapacitySearch::Bounds const& bounds, CourseTimes const& times,
                          std::function<Probe(double, double)> const& measure) {
  CapacitySearch search(bounds);
  Course course(measure);
  CapacityCourse result;
  try {
    while (auto const next = search.next()) {
      auto const seconds = next->confirms ? times.confirm_s(next->load) : times.measure_s;
      auto const verdict = course.decide(next->load, seconds, next->confirms);
      if (verdict == Verdict::generator) result.generator = next->load;
      if (verdict == Verdict::broken) result.broken = next->load;
      if (result.generator || result.broken) break;
      search.tell(verdict == Verdict::holds);
    }
  } catch (RunInterrupted const&) {
    result.interrupted = true;
  }
  result.max = search.highest();
  result.confirmed = search.confirmed();
  result.reached_most = search.reached_the_most();
  result.fails = course.fails_above(result.confirmed > 0 ? result.confirmed : result.max);
  result.probes = course.take();
  return result;
}

}  // namespace pushlab::driver

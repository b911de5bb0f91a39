#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "driver/machine.hpp"
#include "driver/repetition.hpp"
#include "driver/run_plan.hpp"
#include "driver/scenario.hpp"
#include "driver/status_line.hpp"
#include "results/gate_counts.hpp"

namespace pushlab::driver {

// SIGINT or SIGTERM came before there was anything to record.
struct RunInterrupted : std::runtime_error {
  RunInterrupted() : std::runtime_error("interrupted, nothing was recorded") {}
};

// Carries a scenario out: every repetition with a server and a load generator of its own, in the
// order of the run plan; two targets whose events take turns at the same time. A repetition that
// fails is recorded with its error; the run goes on.
// One that only the load generator's checks speak against is carried out once more, at once.
class ScenarioRun {
 public:
  // `only` picks some of the scenario's targets; empty: all. Throws InputError.
  ScenarioRun(Scenario scenario, std::vector<std::string> const& only);

  // Goes in front of the progress.
  void set_label(std::string label) { label_ = std::move(label); }

  // One of many runs of a search, which repeats what the load generator does not vouch for, and
  // measures the ceiling itself: no second tries and no ceilings.
  void be_a_probe() { is_probe_ = true; }

  bool nothing_to_run() const { return contenders_.empty(); }
  boost::json::array const& skipped() const { return skipped_; }

  // Logs go to `folder`. Gives result.json without what results::summarise() adds. An interrupt
  // ends the run with the repetitions until then (`run.interrupted`), or, where there are none,
  // with RunInterrupted.
  boost::json::object execute(std::filesystem::path const& folder, std::string const& run_id);

  // After execute(): so many more blocks of these targets alone, into the result that it gave. An
  // interrupt ends them.
  void extend(std::vector<std::string> const& names, unsigned blocks,
              std::filesystem::path const& folder, boost::json::object& result);

 private:
  // One contender, or two that are measured at the same time.
  using Together = std::vector<Contender*>;

  Together together_with(Contender& contender, unsigned block,
                         std::vector<PlannedRepetition> const& plan);
  std::vector<boost::json::object> measure(Together const& together,
                                           PlannedRepetition const& planned,
                                           std::filesystem::path const& folder);
  // `suffix` goes into the names of its files.
  std::vector<boost::json::object> repeat(Together const& together,
                                          PlannedRepetition const& planned,
                                          std::filesystem::path const& folder,
                                          std::string const& suffix);
  void count_system_calls_of(Contender& contender);
  boost::json::object ceiling_with(Target const& null, Scenario const& scenario,
                                   std::string const& name, std::filesystem::path const& folder);
  boost::json::array measure_ceilings(std::filesystem::path const& folder);
  void carry_out(std::vector<PlannedRepetition> const& plan, std::filesystem::path const& folder);
  void skip_unmeasured();
  void show_progress(std::string const& names, PlannedRepetition const& planned, double since_s);
  boost::json::array targets() const;

  Scenario scenario_;
  std::vector<Contender> contenders_;
  boost::json::array skipped_;
  Cores cores_;
  StatusLine status_;
  std::string label_;
  std::size_t done_ = 0;  // repetitions
  std::size_t all_ = 0;
  bool is_probe_ = false;
  std::size_t second_tries_ = 0;  // that may still be made
};

// "2026-11-21T02:30:00Z"
std::string utc_now();

}  // namespace pushlab::driver

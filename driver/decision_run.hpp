#pragma once

#include <boost/json/object.hpp>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "driver/decision_file.hpp"
#include "driver/scenario_run.hpp"

namespace pushlab::driver {

// Carries a decision out: every experiment as an ordinary run, then the rules of the checker, then
// the proxies, then for a while once more what its claims are undecided about. What is finished
// stays in the run's folder, also when a later part is interrupted.
class DecisionRun {
 public:
  // `only` picks some of the experiments, and then neither rules nor proxies are asked; empty: all.
  // Throws InputError.
  DecisionRun(DecisionFile decision, bool quick, std::vector<std::string> const& only);

  // Gives result.json (pushlab.decision/1) with `claims`, as they are in their files, but without
  // what is judged from it. Throws RunInterrupted.
  boost::json::object execute(std::filesystem::path const& folder, std::string const& run_id,
                              boost::json::array const& claims);

 private:
  boost::json::object experiment(std::size_t number, std::filesystem::path const& folder);
  void check(std::filesystem::path const& folder, boost::json::object& result) const;
  // For `within_s`.
  void extend(std::filesystem::path const& folder, boost::json::object& result, double within_s);

  DecisionFile decision_;
  std::deque<ScenarioRun> runs_;  // all from the start: a mistake in the last one shows at once
  bool quick_;
  bool all_;
};

}  // namespace pushlab::driver

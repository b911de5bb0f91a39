#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "driver/client_path.hpp"
#include "driver/disruption.hpp"
#include "driver/exact_counts.hpp"
#include "driver/load_child.hpp"
#include "driver/machine.hpp"
#include "driver/run_plan.hpp"
#include "driver/scenario.hpp"
#include "driver/target_process.hpp"

namespace pushlab::driver {

// A target as it takes part in a scenario.
struct Contender {
  std::string name;
  Target target;
  Scenario scenario;  // as it is for this target
  boost::json::object options;
  unsigned repetitions;
  std::string version;
  boost::json::array done;  // repetitions as they go into result.json
  std::vector<results::ExactCount> counts;
};

// One repetition under way: a server of its own, what lies before it, and a load generator of its
// own. Its files are named by contender and block; they stay where it failed.
class Repetition {
 public:
  struct Place {
    Scenario const& scenario;  // of all contenders
    Cores const& cores;
    std::filesystem::path folder;
    std::string suffix;  // of its files' names
  };

  // Starts the server. Throws TargetError. `contender` must outlive it.
  Repetition(Contender const& contender, PlannedRepetition const& planned, Place const& place);

  void begin(std::optional<LoadChild::Turn> turn);  // the load
  // Blocks until the load is over and the server has stopped, and calls `progress` meanwhile. Gives
  // what the load generator measured. Throws RepetitionError, TargetError.
  boost::json::object finish(std::function<void()> const& progress);

 private:
  std::string path(std::string const& ending) const;

  Contender const& contender_;
  std::string stem_;
  std::filesystem::path files_;
  TargetProcess::Options start_;
  std::unique_ptr<TargetProcess> server_;
  ClientPath client_path_;
  LoadChild load_;
  std::optional<Disruption> disruption_;
  std::unique_ptr<Process> child_;
};

}  // namespace pushlab::driver

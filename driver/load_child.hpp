#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>

#include "driver/process.hpp"
#include "driver/scenario.hpp"
#include "driver/target_process.hpp"

namespace pushlab::driver {

// A repetition that gave no result; what() is its "error" in result.json.
struct RepetitionError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// One `pushlab load` as a child process of its own, so that its CPU and its descriptors are its
// own and a crash costs one repetition.
struct LoadChild {
  Scenario const& scenario;
  Target const& target;
  boost::json::object const& options;  // options_of(...)
  std::uint64_t seed;
  std::vector<int> cores;
  std::filesystem::path json_file;  // its stdout
  std::filesystem::path log;        // its stderr
  std::string client_base;          // where its clients go
  std::filesystem::path phases;     // for a disruption: it says here when a phase begins

  // One of two that are carried out at the same time: their events take turns.
  struct Turn {
    unsigned side;             // 0 or 1
    std::int64_t start_at_ns;  // CLOCK_MONOTONIC, when both begin to warm up
  };

  std::unique_ptr<Process> start(TargetProcess const& server, std::optional<Turn> turn) const;
  // Blocks until the load is over; `tick` is called again and again, after the time it gives, and
  // may replace the server. Throws RepetitionError.
  boost::json::object finish(Process& child, std::unique_ptr<TargetProcess>& server,
                             std::function<std::chrono::milliseconds()> const& tick) const;

 private:
  std::vector<std::string> command(TargetProcess const& server) const;
};

std::string text_of(std::filesystem::path const& file);  // empty when it cannot be read

// How long a repetition takes when nothing goes wrong, for progress and deadlines.
double usual_seconds(Scenario const& scenario);

}  // namespace pushlab::driver

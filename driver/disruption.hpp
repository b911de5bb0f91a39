#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "driver/scenario.hpp"
#include "driver/target_process.hpp"

namespace pushlab::driver {

// Ends the server of a repetition in the middle of its measured phase and starts it again on the
// same ports. When the phase begins, the load generator writes its clock into a file.
class Disruption {
 public:
  Disruption(Scenario::Disruption plan, std::filesystem::path phases);

  // Does what is due; gives how long to wait until it wants to look again. `server` is null while
  // there is none. Throws TargetError when it does not start again.
  std::chrono::milliseconds step(std::unique_ptr<TargetProcess>& server, Target const& target,
                                 TargetProcess::Options const& options);

  // What was done: {kind, at_s, down_s, exit}; nothing when the load ended before it.
  std::optional<boost::json::object> const& done() const { return done_; }

 private:
  using Clock = std::chrono::steady_clock;
  bool read_begin();
  void end(std::unique_ptr<TargetProcess>& server);

  Scenario::Disruption plan_;
  std::filesystem::path phases_;
  std::optional<Clock::time_point> begin_;  // of the measured phase
  std::string client_;                      // "host:port", to come back to
  std::string ingest_;
  Clock::time_point ended_;
  boost::json::object facts_;
  std::optional<boost::json::object> done_;
};

}  // namespace pushlab::driver

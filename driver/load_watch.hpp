#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "driver/proc_sampler.hpp"
#include "driver/status_line.hpp"
#include "loadgen/load.hpp"

namespace pushlab::driver {

// Follows a load run: shows its progress and samples the server's process tree at the phases'
// borders and once a second of the measured phase. Runs on the load's thread, so a sample (about
// 0.1 ms) is all it does there.
class LoadWatch : public loadgen::LoadObserver {
 public:
  // `phases`: a file that gets a line, name and CLOCK_MONOTONIC ns, when a phase begins.
  explicit LoadWatch(std::optional<pid_t> server_pid, std::string phases = {});

  void phase(loadgen::Phase phase, std::int64_t at_ns) override;
  void progress(loadgen::Progress const& progress) override;
  bool stop_requested() const override;
  void finish() { status_.wipe(); }

  // Adds "server" and the series' "server_cpu_share" to the load object; nothing without a server.
  // What a set-up costs is told of streams only: a poll's is inseparable from its first answer.
  void add_server(boost::json::object& load, bool streams) const;

 private:
  struct CpuSample {
    std::int64_t at_ns;
    std::int64_t cpu_ns;
  };
  void sample_cpu(std::int64_t at_ns);

  std::string phases_;
  std::optional<ProcSampler> server_;
  std::int64_t setup_cpu_ns_ = 0;  // from before the first connect until all stand
  ProcMemory before_;
  ProcMemory idle_;
  int threads_ = 0;
  int sockets_ = 0;
  bool measuring_ = false;
  std::vector<CpuSample> samples_;  // the first and the last at the measured phase's borders
  StatusLine status_;
};

}  // namespace pushlab::driver

#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "driver/gate_file.hpp"
#include "driver/process.hpp"
#include "driver/target_process.hpp"

namespace pushlab::driver {

// The load generator of one side of a gate, a process of its own.
class GateLoad {
 public:
  struct Place {
    std::filesystem::path folder;
    std::string name;        // of its files
    std::vector<int> cores;  // empty: wherever it is put
  };

  // Events in pairs with the other side's, from `start_at_ns` on.
  static GateLoad events(GateFile const& gate, Target const& target, TargetProcess const& server,
                         unsigned side, std::uint64_t seed, std::int64_t start_at_ns,
                         Place const& place);
  // Connections that stand and do nothing until it is stopped.
  static GateLoad crowd(GateFile const& gate, Target const& target, TargetProcess const& server,
                        Place const& place);

  // Whether all are connected, or were refused, by the deadline; false also when it ended.
  bool await_connected(std::chrono::milliseconds deadline);
  // What it measured; empty when it gave nothing until the deadline. `trouble` says why.
  std::optional<boost::json::object> result(std::chrono::milliseconds deadline,
                                            std::string& trouble);
  void stop();
  // Clients that could not connect, once it has ended; all of them when it ended before they stood.
  std::uint64_t refused() const;

 private:
  bool stood() const;
  GateLoad(std::vector<std::string> command, unsigned clients, Place const& place);

  unsigned clients_;
  std::filesystem::path out_;
  std::filesystem::path log_;
  std::filesystem::path phases_;
  std::unique_ptr<Process> process_;
};

}  // namespace pushlab::driver

#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <vector>

namespace pushlab::driver {

// The "machine" object of result.json without the shares of a run.
boost::json::object machine_facts();

// The cores this process may run on, and how a run divides them: the server gets the first, the
// load generator the others. Both are empty on a machine with one core: nothing is pinned.
struct Cores {
  std::vector<int> server;
  std::vector<int> load;
};
Cores divide_cores();

// What else used the machine between two moments, from /proc/stat.
class MachineShares {
 public:
  MachineShares();  // the first moment
  struct Shares {
    double steal;      // of all cores: taken by other guests of the host
    double other_cpu;  // of all cores: used by processes that are not ours
  };
  Shares now() const;

 private:
  struct Reading {
    double total_s, busy_s, steal_s, own_s;
  };
  static Reading read();
  Reading begin_;
};

}  // namespace pushlab::driver

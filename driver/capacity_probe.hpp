#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "driver/scenario.hpp"
#include "driver/slo.hpp"

namespace pushlab::driver {

// What is asked of a target. One of `clients` and `rate` is varied: it is where the search begins.
struct CapacityQuestion {
  std::filesystem::path target;  // its file
  Slo slo;
  bool vary_clients = false;
  unsigned clients = 100;
  double rate = 10;  // events a second
  unsigned payload_bytes = 200;
  std::optional<unsigned> threads;  // of the server; as the target's file has it otherwise
};

// undecided: the limit is inside the interval. generator: the load generator was the bottleneck, so
// nothing is known of the target. Events that left late count against the target when the generator
// itself was well: all its connections to the ingest waited for answers. broken: there was no load,
// for example because the server was not ready in time.
enum class Verdict { holds, fails, undecided, generator, broken };
std::string_view name_of(Verdict verdict);

// What one repetition showed.
struct ProbeFigures {
  std::optional<double> value, lo, hi;  // ms, of the objective's figure
  bool undelivered = false;             // the figure falls among lost deliveries
  double lost = 0;
  double unconnected = 0;                           // clients that could not connect
  double events = 0;                                // that the figure rests on
  std::optional<double> server_cpu, generator_cpu;  // of one core
  std::vector<std::string> generator_faults;
  std::string late_events;  // they waited for the target's ingest, the generator had time
  std::string error;        // instead of figures
  std::string remark;       // what limits the figure
};

struct Probe {
  double load = 0;
  double measure_s = 0;
  bool confirms = false;
  ProbeFigures figures{};
  Verdict verdict = Verdict::undecided;
  std::string reason{};
};

// Out of a summarised pushlab.result/1 with one target and one repetition.
ProbeFigures figures_of(boost::json::object const& result, std::string const& metric);

// Sets the verdict and the reason.
void judge(Probe& probe, Slo const& slo);

// The workload of a probe.
Scenario scenario_of(CapacityQuestion const& question, double load, double measure_s,
                     unsigned number);

// One repetition with a fresh server. Logs go to `folder`. Throws InputError, RunInterrupted.
Probe run_probe(CapacityQuestion const& question, double load, double measure_s, unsigned number,
                std::filesystem::path const& folder);

boost::json::object to_json(Probe const& probe);

}  // namespace pushlab::driver

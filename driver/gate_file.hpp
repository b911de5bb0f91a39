#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "results/gate_counts.hpp"
#include "results/gate_judge.hpp"

namespace pushlab::driver {

// What a gate measures and what it lets pass: a file like scenarios/gate.toml, whose keys
// scenarios/README.md explains.
struct GateFile {
  std::filesystem::path file;
  std::string title;
  std::vector<std::string> targets;  // ids; not asked for when both sides are target files
  unsigned clients = 200;            // of each side, while events are measured
  unsigned payload_bytes = 200;
  double pairs_per_s = 0;
  double warmup_s = 0.5;
  double measure_s = 6;  // of one restart
  double drain_s = 2;
  unsigned crowd = 2000;   // idle connections, for memory and set-up
  unsigned probes = 1000;  // paired set-ups; five times as many GETs
  double wait_s = 25;      // of a long poll
  std::uint64_t seed = 1;
  bool counts = true;  // also compare exact counts per delivery
  results::GateRules rules;
  std::vector<results::CountRule> count_rules = results::usual_count_rules();
};

// With the metrics that this gate measures of a strategy, for one of so many targets: each has its
// part of the error rate (Bonferroni). Throws InputError when there is no such metric.
results::GateRules rules_of(GateFile const& gate, std::string_view strategy, std::size_t targets);

// Only a gate has pairs_per_s.
bool is_gate_file(std::filesystem::path const& file);

GateFile read_gate_file(std::filesystem::path const& file);  // throws InputError
GateFile parse_gate_file(std::string_view text, std::filesystem::path const& file);

}  // namespace pushlab::driver

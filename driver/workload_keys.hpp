#pragma once

#include <span>
#include <string_view>

#include "driver/toml_reader.hpp"
#include "loadgen/load_plan.hpp"

namespace pushlab::driver {

// A number that only some workloads have: a scenario's key and the flag of `pushlab load` that
// passes it on.
struct WorkloadKey {
  char const* key;
  char const* flag;
  char const* help;
  double loadgen::LoadPlan::* member;
  TomlTable::Range range;
  // Without this key the number would do nothing; with a value, unless the key has it.
  std::string_view needs_key;
  std::string_view needs_value;
};

std::span<WorkloadKey const> workload_keys();

}  // namespace pushlab::driver

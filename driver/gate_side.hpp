#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "driver/target.hpp"

namespace pushlab::driver {

// What the user called base or head: a folder with built programs, a git ref that is built when it
// was not before, or a target file.
struct GateSide {
  std::string name;              // as the user gave it
  std::string version;           // what the programs were built from, "" when unknown
  std::filesystem::path folder;  // with the programs; empty for a target file
  std::filesystem::path target;  // the target file; empty for programs
};

// `programs`: those that have to be there. A ref is looked up in the repository of the current
// folder. Its build is kept below $PUSHLAB_CACHE, else $XDG_CACHE_HOME/pushlab, else
// ~/.cache/pushlab, and takes minutes the first time: one line on stderr says so. Throws
// InputError.
GateSide find_side(std::string const& flag, std::string const& name,
                   std::vector<std::string> const& programs);

// The target with its program from this side. REQUIRES: a side of programs
Target on_side(Target target, GateSide const& side);

}  // namespace pushlab::driver

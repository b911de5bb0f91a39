#include "driver/gate_side.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "driver/gate_build.hpp"
#include "driver/input_error.hpp"

namespace pushlab::driver {
namespace fs = std::filesystem;
namespace {

bool has_all(fs::path const& folder, std::vector<std::string> const& programs) {
  return std::ranges::all_of(
      programs, [&](auto const& program) { return fs::is_regular_file(folder / program); });
}

// As far as it can be told: a kept build is named after its commit, and one in a checkout is of
// that unless it is older.
std::string built_from(fs::path const& folder, fs::path const& bin,
                       std::vector<std::string> const& programs) {
  auto const name = fs::canonical(bin).filename().string();
  if (name.size() >= 40 && name.find_first_not_of("0123456789abcdef") == std::string::npos)
    return name.substr(0, 12);
  if (bin != folder / "build/release/bin") return "";
  auto oldest = fs::file_time_type::max();
  for (auto const& program : programs)
    oldest = std::min(oldest, fs::last_write_time(bin / program));
  return described(folder, oldest);
}

// A folder of programs, or a checkout with its release build.
GateSide side_of_folder(std::string const& flag, std::string const& name,
                        std::vector<std::string> const& programs) {
  for (auto const& folder :
       {fs::path(name), fs::path(name) / "bin", fs::path(name) / "build/release/bin"})
    if (has_all(folder, programs))
      return {
          name, built_from(name, folder, programs), fs::absolute(folder).lexically_normal(), {}};
  throw InputError(
      fmt::format("{} {}: neither it nor its build/release/bin has {}: build there with "
                  "scripts/build release, or give a git ref",
                  flag, name, fmt::join(programs, ", ")));
}

}  // namespace

GateSide find_side(std::string const& flag, std::string const& name,
                   std::vector<std::string> const& programs) {
  if (name.ends_with(".toml")) {
    if (!fs::is_regular_file(name))
      throw InputError(fmt::format("{} {}: no such file: give a target file, a folder or a git ref",
                                   flag, name));
    return {name, "", {}, fs::absolute(name)};
  }
  if (fs::is_directory(name)) return side_of_folder(flag, name, programs);
  auto const commit = commit_of(name);
  if (commit.empty())
    throw InputError(
        fmt::format("{} {}: no folder here and no commit of this repository: give a folder with "
                    "built programs, a git ref or "
                    "a target file",
                    flag, name));
  return {name, commit.substr(0, 12), built_programs(commit, programs), {}};
}

Target on_side(Target target, GateSide const& side) {
  auto& program = target.start->command.front();
  program = (side.folder / program).string();
  return target;
}

}  // namespace pushlab::driver

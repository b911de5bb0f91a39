#include "driver/gate_build.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "driver/input_error.hpp"
#include "driver/interrupt.hpp"
#include "driver/process.hpp"
#include "driver/target_process.hpp"
#include "driver/temporary_folder.hpp"

namespace pushlab::driver {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::minutes build_patience{60};

// What a command of git prints, without the line's end; empty when it failed.
std::string said(std::vector<std::string> command) {
  TemporaryFolder const folder;
  auto const out = folder.path() / "out";
  try {
    Process git({std::move(command), {}, out, folder.path() / "err", {}});
    auto const status = git.wait(std::chrono::seconds(30));
    if (!status || !status->ok()) return "";
  } catch (std::system_error const&) {
    return "";
  }
  std::ifstream in(out);
  std::string line;
  std::getline(in, line);
  return line;
}

fs::path cache_folder() {
  if (char const* own = std::getenv("PUSHLAB_CACHE")) return own;
  if (char const* xdg = std::getenv("XDG_CACHE_HOME")) return fs::path(xdg) / "pushlab";
  if (char const* home = std::getenv("HOME")) return fs::path(home) / ".cache/pushlab";
  throw InputError("there is no $HOME for built commits: set PUSHLAB_CACHE to a folder");
}

void run(std::vector<std::string> command, fs::path const& folder, fs::path const& log,
         std::string const& commit) {
  auto const what = command.front();
  Process process({std::move(command), folder, log, log, {}});
  auto const status = process.wait(build_patience);
  if (status && status->ok()) return;
  if (interrupted()) throw InputError("interrupted while a commit was built");
  throw InputError(fmt::format("{} of {} did not succeed, {}; see {}{}", what, commit.substr(0, 12),
                               status ? status->text() : "it took more than an hour", log.string(),
                               last_lines(log, 5)));
}

// In a folder of its own, put in place when it is whole: a broken build is never taken for a
// finished one.
void build(std::string const& commit, std::vector<std::string> const& programs,
           fs::path const& place) {
  auto const top = said({"git", "rev-parse", "--show-toplevel"});
  fs::path const work = fmt::format("{}.{}", place.string(), ::getpid());
  auto const log = place.parent_path() / (commit.substr(0, 12) + ".log");
  fs::remove_all(work);
  fs::remove(log);
  fs::create_directories(work);
  auto const source = (work / "source").string();
  run({"git", "clone", "--quiet", "--shared", "--no-checkout", top, source}, work, log, commit);
  run({"git", "checkout", "--quiet", "--detach", commit}, source, log, commit);
  run({"cmake", "--preset", "release"}, source, log, commit);
  std::vector<std::string> make{"cmake", "--build", "build/release", "--target"};
  make.insert(make.end(), programs.begin(), programs.end());
  run(std::move(make), source, log, commit);
  fs::create_directories(place);
  for (auto const& program : programs) {
    fs::copy_file(fs::path(source) / "build/release/bin" / program, work / program,
                  fs::copy_options::overwrite_existing);
    fs::rename(work / program, place / program);
  }
  fs::remove_all(work);
  fs::remove(log);
}

}  // namespace

std::string commit_of(std::string const& ref) {
  return said({"git", "rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}"});
}

std::string described(fs::path const& folder) {
  return said({"git", "-C", folder.string(), "describe", "--always", "--dirty", "--abbrev=12",
               "--exclude=*"});
}

fs::path built_programs(std::string const& commit, std::vector<std::string> const& programs) {
  auto const place = fs::absolute(cache_folder() / "builds" / commit);
  bool const is_there = std::ranges::all_of(
      programs, [&](auto const& program) { return fs::is_regular_file(place / program); });
  if (is_there) return place;
  fmt::print(stderr, "pushlab: building {} (kept in {})\n", commit.substr(0, 12), place.string());
  build(commit, programs, place);
  return place;
}

}  // namespace pushlab::driver

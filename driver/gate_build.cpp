#include "driver/gate_build.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "driver/input_error.hpp"
#include "driver/interrupt.hpp"
#include "driver/process.hpp"
#include "driver/scenario_run.hpp"
#include "driver/target_process.hpp"
#include "driver/temporary_folder.hpp"

namespace pushlab::driver {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::minutes build_patience{60};

// Git sets these in hooks, and would build into the repository of the user.
constexpr std::array apart{"env",
                           "-uGIT_DIR",
                           "-uGIT_WORK_TREE",
                           "-uGIT_INDEX_FILE",
                           "-uGIT_OBJECT_DIRECTORY",
                           "-uGIT_COMMON_DIR",
                           "-uGIT_PREFIX"};

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
  command.insert(command.begin(), apart.begin(), apart.end());
  Process process({std::move(command), folder, log, log, {}});
  auto const status = process.wait(build_patience);
  if (status && status->ok()) return;
  if (interrupted()) throw RunInterrupted();
  throw InputError(fmt::format("{} of {} did not succeed, {}; see {}{}", what, commit.substr(0, 12),
                               status ? status->text() : "it took more than an hour", log.string(),
                               last_lines(log, 5)));
}

struct Work {
  fs::path folder;
  ~Work() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
};

// The commit in a repository of its own that borrows the objects of this one: also those of a
// shallow clone and those that no branch holds. Nothing is written to the user's.
void check_out(std::string const& commit, fs::path const& source, fs::path const& log) {
  auto const objects =
      said({"git", "rev-parse", "--path-format=absolute", "--git-path", "objects"});
  auto const format = commit.size() == 64 ? "sha256" : "sha1";
  run({"git", "init", "--quiet", "--template=", fmt::format("--object-format={}", format),
       source.string()},
      source.parent_path(), log, commit);
  std::ofstream(source / ".git/objects/info/alternates") << objects << "\n";
  run({"git", "-c", "core.hooksPath=/dev/null", "checkout", "--quiet", "--detach", commit}, source,
      log, commit);
}

// In a folder of its own, put in place when it is whole: a broken build is never taken for a
// finished one.
void build(std::string const& commit, std::vector<std::string> const& programs,
           fs::path const& place) {
  Work const work{fmt::format("{}.{}", place.string(), ::getpid())};
  auto const log = place.parent_path() / (commit.substr(0, 12) + ".log");
  fs::remove_all(work.folder);
  fs::remove(log);
  fs::create_directories(work.folder);
  auto const source = work.folder / "source";
  check_out(commit, source, log);
  run({"cmake", "--preset", "release"}, source, log, commit);
  std::vector<std::string> make{"cmake", "--build", "build/release", "--target"};
  make.insert(make.end(), programs.begin(), programs.end());
  run(std::move(make), source, log, commit);
  fs::create_directories(place);
  for (auto const& program : programs) {
    fs::copy_file(source / "build/release/bin" / program, work.folder / program,
                  fs::copy_options::overwrite_existing);
    fs::rename(work.folder / program, place / program);
  }
  fs::remove(log);
}

// Old builds, and what a killed pushlab left of one, are no use to anybody. By age and not by
// process: the cache may be shared by machines.
void prune(fs::path const& builds) {
  constexpr auto day = std::chrono::hours(24);
  auto const now = fs::file_time_type::clock::now();
  std::error_code error;
  std::vector<fs::path> old;
  for (auto const& entry : fs::directory_iterator(builds, error)) {
    auto const name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789abcdef") < 12) continue;  // not ours
    bool const is_whole = name.find('.') == std::string::npos || name.ends_with(".log");
    auto const written = entry.last_write_time(error);
    if (!error && now - written > (is_whole ? 30 * day : day)) old.push_back(entry.path());
  }
  for (auto const& path : old) fs::remove_all(path, error);
}

}  // namespace

std::string commit_of(std::string const& ref) {
  return said({"git", "rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}"});
}

std::string described(fs::path const& folder, fs::file_time_type built) {
  auto const git = [&](std::vector<std::string> words) {
    std::vector<std::string> command(apart.begin(), apart.end());
    command.insert(command.end(), {"git", "-C", folder.string()});
    command.insert(command.end(), words.begin(), words.end());
    return said(std::move(command));
  };
  std::error_code error;
  if (!fs::equivalent(git({"rev-parse", "--show-toplevel"}), folder, error)) return "";
  auto const committed =
      std::chrono::seconds(std::strtoll(git({"log", "-1", "--format=%ct"}).c_str(), nullptr, 10));
  if (std::chrono::file_clock::to_sys(built).time_since_epoch() < committed) return "";
  return git({"describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"});
}

fs::path built_programs(std::string const& commit, std::vector<std::string> const& programs) {
  auto const place = fs::absolute(cache_folder() / "builds" / commit);
  bool const is_there = std::ranges::all_of(
      programs, [&](auto const& program) { return fs::is_regular_file(place / program); });
  if (is_there) {
    std::error_code ignored;
    fs::last_write_time(place, fs::file_time_type::clock::now(), ignored);  // used
    return place;
  }
  fmt::print(stderr, "pushlab: building {} (kept in {})\n", commit.substr(0, 12), place.string());
  prune(place.parent_path());
  build(commit, programs, place);
  return place;
}

}  // namespace pushlab::driver

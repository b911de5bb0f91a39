#include "tests/conformance/limit/browser_probe.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <utility>

#include "tests/conformance/engine/finding.hpp"
#include "tests/conformance/wire/socket.hpp"

namespace pushlab::conformance {
namespace {

constexpr int goodbye_ms = 5000;  // for the browser to be closed in an orderly way
constexpr int not_possible_here = 77;

struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw std::system_error(errno, std::generic_category(), "pipe2");
  }
  ~Pipe() {
    for (int const end : ends) ::close(end);
  }
  Pipe(Pipe const&) = delete;
  Pipe& operator=(Pipe const&) = delete;
  void close(std::size_t end) { ::close(std::exchange(ends[end], -1)); }
  std::array<int, 2> ends{-1, -1};
};

// The probe ends when its standard input does, so it does not outlive this program either.
class Probe {
 public:
  explicit Probe(std::vector<std::string> command) {
    std::vector<char*> words;
    for (auto& word : command) words.push_back(word.data());
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input_.ends[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output_.ends[1], STDOUT_FILENO);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    int const error = ::posix_spawnp(&pid_, words[0], &actions, &attributes, words.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw Skip("needs Node.js: apt-get install nodejs npm");
    input_.close(0);
    output_.close(1);
  }

  ~Probe() {
    input_.close(1);
    pollfd ended{output_.ends[0], POLLIN, 0};
    while (!waited_ && ::poll(&ended, 1, goodbye_ms) > 0 && take() > 0) continue;
    ::kill(-pid_, SIGKILL);
    if (!waited_) ::waitpid(pid_, nullptr, 0);
  }
  Probe(Probe const&) = delete;
  Probe& operator=(Probe const&) = delete;

  // All it said, and its exit status; empty when time was up.
  bool finish(Deadline const& deadline) {
    while (wait_ready(output_.ends[0], POLLIN, deadline))
      if (take() <= 0) {
        ::waitpid(pid_, &status_, 0);
        return waited_ = true;
      }
    return false;
  }
  std::string const& said() const { return said_; }
  int status() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1; }

 private:
  ssize_t take() {
    std::array<char, 4096> bytes{};
    auto const size = ::read(output_.ends[0], bytes.data(), bytes.size());
    if (size > 0) said_.append(bytes.data(), static_cast<std::size_t>(size));
    return size;
  }

  Pipe input_, output_;
  pid_t pid_ = -1;
  std::string said_;
  int status_ = 0;
  bool waited_ = false;
};

}  // namespace

std::vector<std::string> probe_with_browser(std::vector<std::string> const& arguments,
                                            double within_s) {
  std::string const script = PUSHLAB_BROWSER_PROBE;
  if (!std::filesystem::exists(script))
    throw Skip(fmt::format("needs {}: run it where the sources are", script));
  std::vector<std::string> command{"node", script};
  command.insert(command.end(), arguments.begin(), arguments.end());
  Probe probe(std::move(command));
  if (!probe.finish(Deadline::in(within_s)))
    throw std::runtime_error(fmt::format("the browser did not finish in {} s", within_s));
  if (probe.status() == not_possible_here) {
    std::string_view why = probe.said();
    if (why.starts_with("SKIP: ")) why.remove_prefix(6);
    throw Skip(fmt::format("needs a browser: {}", why.substr(0, why.find('\n'))));
  }
  if (probe.status() != 0)
    throw std::runtime_error(fmt::format("the browser's probe ended with {}", probe.status()));
  std::vector<std::string> lines;
  std::istringstream text(probe.said());
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

}  // namespace pushlab::conformance

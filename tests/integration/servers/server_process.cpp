#include "tests/integration/servers/server_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>
#include <iostream>
#include <stdexcept>

namespace pushlab::test {
namespace {

constexpr int deadline_ms = 10'000;

// A file in memory takes what the child says on stderr: it never fills up, and the child never
// meets a pipe that nobody reads.
struct Child {
  pid_t pid = -1;
  int out = -1, log = -1;
};

Child start(std::string const& program, Arguments const& flags) {
  auto const path = std::string{PUSHLAB_BIN} + "/" + program;
  std::vector<char*> argv{const_cast<char*>(path.c_str())};
  for (auto const& flag : flags) argv.push_back(const_cast<char*>(flag.c_str()));
  argv.push_back(nullptr);
  int out[2];
  auto const log = ::memfd_create("log", MFD_CLOEXEC);
  if (log < 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  auto const parent = ::getpid();
  auto const pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(out[1]);
  return {pid, out[0], log};
}

std::string text_of(int file) {
  struct stat now{};
  ::fstat(file, &now);
  std::string text(static_cast<std::size_t>(now.st_size), '\0');
  auto const n = ::pread(file, text.data(), text.size(), 0);
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return text;
}

// Reads until that byte, the end, or the deadline.
std::string read_text(int fd, int until) {
  std::string text;
  pollfd readable{fd, POLLIN, 0};
  while (::poll(&readable, 1, deadline_ms) == 1) {
    char byte;
    if (::read(fd, &byte, 1) != 1) break;
    text += byte;
    if (byte == until) break;
  }
  return text;
}

int status_of(pid_t pid) {
  auto const handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  pollfd ended{handle, POLLIN, 0};
  auto const in_time = ::poll(&ended, 1, deadline_ms) == 1;
  ::close(handle);
  if (!in_time) ::kill(pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::uint16_t port_of(boost::json::value const& url) {
  std::string const text{url.as_string()};
  return static_cast<std::uint16_t>(std::stoi(text.substr(text.rfind(':') + 1)));
}

}  // namespace

ServerProcess::ServerProcess(std::string const& program, Arguments const& flags) {
  auto const child = start(program, flags);
  pid_ = child.pid;
  log_ = child.log;
  auto const line = read_text(child.out, '\n');
  ::close(child.out);
  try {
    auto const ready = boost::json::parse(line);
    client_port_ = port_of(ready.at("client"));
    ingest_port_ = port_of(ready.at("ingest"));
    if (ready.at("pid").to_number<pid_t>() != pid_) throw std::runtime_error("another pid");
  } catch (std::exception const& error) {
    if (!line.empty()) ::kill(pid_, SIGKILL);
    wait();
    auto const complaint = log();
    ::close(log_);
    throw std::runtime_error(program + " is not ready: " + line + complaint + " " + error.what());
  }
}

// A failed test shows what the server said, a sanitizer's report above all.
ServerProcess::~ServerProcess() {
  if (pid_ >= 0) {
    ::kill(pid_, SIGKILL);
    wait();
  }
  std::cerr << log();
  ::close(log_);
}

std::string ServerProcess::log() const {
  return text_of(log_);
}

void ServerProcess::terminate() const {
  ::kill(pid_, SIGTERM);
}

int ServerProcess::wait() {
  return status_of(std::exchange(pid_, -1));
}

Ended run_to_end(std::string const& program, Arguments const& flags) {
  auto const child = start(program, flags);
  Ended ended;
  ended.out = read_text(child.out, -1);
  ::close(child.out);
  ended.status = status_of(child.pid);
  ended.err = text_of(child.log);
  ::close(child.log);
  return ended;
}

}  // namespace pushlab::test

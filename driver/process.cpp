#include "driver/process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <system_error>

#include "driver/guard.hpp"
#include "driver/interrupt.hpp"

namespace pushlab::driver {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

ExitStatus from_wait(int status) {
  if (WIFSIGNALED(status)) return {0, WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

}  // namespace

std::string ExitStatus::text() const {
  return signal != 0 ? fmt::format("killed by signal {}", signal)
                     : fmt::format("exit status {}", code);
}

Process::Process(SpawnPlan const& plan) {
  std::array<int, 2> sockets{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets.data()) != 0)
    throw std::system_error(errno, std::generic_category(), "socketpair");
  std::fflush(nullptr);  // or the guard would hold a copy of what is buffered
  guard_pid_ = ::fork();
  if (guard_pid_ == 0) {
    ::close(sockets[0]);
    guard_child(plan, sockets[1]);
  }
  ::close(sockets[1]);
  guard_socket_ = sockets[0];
  GuardMessage message{GuardMessage::Kind::failed, -1, guard_pid_ < 0 ? errno : ECHILD};
  if (guard_pid_ > 0) {
    while (::recv(guard_socket_, &message, sizeof message, 0) < 0 && errno == EINTR) {
    }
  }
  pid_ = message.pid;
  if (message.kind == GuardMessage::Kind::started) return;
  read_status(milliseconds(5000), false);
  ::close(guard_socket_);
  throw std::system_error(message.value, std::generic_category(),
                          "cannot start " + plan.command.front());
}

Process::~Process() {
  if (guard_socket_ < 0) return;
  ::close(guard_socket_);  // the guard kills the group
  if (!status_) ::waitpid(guard_pid_, nullptr, 0);
}

void Process::signal_group(int signal) {
  auto const byte = static_cast<unsigned char>(signal);
  static_cast<void>(::send(guard_socket_, &byte, 1, MSG_NOSIGNAL));
}

std::optional<ExitStatus> Process::read_status(milliseconds deadline, bool until_interrupt) {
  auto const end = Clock::now() + deadline;
  while (!status_ && !(until_interrupt && interrupted())) {
    auto const left = std::chrono::ceil<milliseconds>(end - Clock::now());
    pollfd wait{guard_socket_, POLLIN, 0};
    int const ready = ::poll(&wait, 1, static_cast<int>(std::max(left, milliseconds(0)).count()));
    if (ready < 0) continue;  // a signal came; the conditions above decide
    if (ready == 0) return std::nullopt;
    GuardMessage message{};
    auto const size = ::recv(guard_socket_, &message, sizeof message, 0);
    // A guard that died without a word took the child with it.
    status_ = size == sizeof message ? from_wait(message.value) : ExitStatus{0, SIGKILL};
    ::waitpid(guard_pid_, nullptr, 0);
  }
  return status_;
}

std::optional<ExitStatus> Process::wait(milliseconds deadline) {
  return read_status(deadline, true);
}

ExitStatus Process::stop(milliseconds patience) {
  signal_group(SIGTERM);
  if (auto status = read_status(patience, false)) return *status;
  signal_group(SIGKILL);
  if (auto status = read_status(milliseconds(10000), false)) return *status;
  return {0, SIGKILL};
}

}  // namespace pushlab::driver

#include "driver/guard.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>

namespace pushlab::driver {
namespace {

void redirect(std::filesystem::path const& file, int descriptor) {
  if (file.empty()) return;
  int const opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (opened < 0 || ::dup2(opened, descriptor) < 0) ::_exit(126);
}

void pin(std::vector<int> const& cores) {
  if (cores.empty()) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int const core : cores) CPU_SET(static_cast<std::size_t>(core), &set);
  ::sched_setaffinity(0, sizeof set, &set);
}

// In the child. A failure travels as errno through the pipe, which exec closes on success.
[[noreturn]] void become(SpawnPlan const& plan, pid_t guard, int error_pipe) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != guard) ::_exit(125);  // the guard died before the line above
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // Ignored by pushlab or by the guard; handlers reset themselves, this does not.
  for (int const ignored : {SIGPIPE, SIGINT, SIGTERM}) ::signal(ignored, SIG_DFL);
  pin(plan.cores);
  redirect(plan.stdout_file, STDOUT_FILENO);
  redirect(plan.stderr_file, STDERR_FILENO);
  std::vector<char*> arguments;
  for (auto const& word : plan.command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  if (plan.directory.empty() || ::chdir(plan.directory.c_str()) == 0)
    ::execvp(arguments[0], arguments.data());
  int const error = errno;
  if (::write(error_pipe, &error, sizeof error) < 0) ::_exit(126);
  ::_exit(127);
}

void tell(int socket, GuardMessage message) {
  // A driver that is gone reads nothing; the closed socket says so in the loop below.
  static_cast<void>(::send(socket, &message, sizeof message, MSG_NOSIGNAL));
}

// Whatever is left of the child's tree: the guard is its subreaper, so orphans come to it.
void kill_descendants() {
  auto const children = "/proc/self/task/" + std::to_string(::getpid()) + "/children";
  do {
    std::ifstream in(children);
    for (pid_t pid = 0; in >> pid;) ::kill(pid, SIGKILL);
  } while (::waitpid(-1, nullptr, 0) > 0);
}

// Reaps every orphan that ended; true once the child itself has ended (and not been reaped yet).
bool child_ended(pid_t child) {
  for (;;) {
    siginfo_t info{};
    if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
      return false;
    if (info.si_pid == child) return true;
    ::waitpid(info.si_pid, nullptr, 0);
  }
}

// Until the child has ended: passes signals on, and kills the group when the driver is gone.
void watch(pid_t child, int socket, int child_events) {
  std::array<pollfd, 2> waits{pollfd{child_events, POLLIN, 0}, pollfd{socket, POLLIN, 0}};
  while (!child_ended(child)) {
    ::poll(waits.data(), waits.size(), -1);
    if (waits[0].revents != 0) {
      signalfd_siginfo drained;
      static_cast<void>(::read(child_events, &drained, sizeof drained));
    }
    if (waits[1].revents != 0) {
      unsigned char signal = SIGKILL;
      if (::recv(socket, &signal, 1, 0) <= 0) {
        signal = SIGKILL;
        waits[1].fd = -1;  // poll skips it from now on
      }
      ::kill(-child, signal);
    }
  }
}

}  // namespace

void guard_child(SpawnPlan const& plan, int socket) {
  ::setsid();  // a Ctrl-C in the terminal is the driver's to handle
  // A pkill that finds the driver by its command line finds this, too: it ends with the driver
  // only.
  for (int const meant_for_the_driver : {SIGINT, SIGTERM}) ::signal(meant_for_the_driver, SIG_IGN);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::prctl(PR_SET_NAME, "pushlab-guard");
  // The ends of other guards' sockets must not live on here, or their drivers would seem alive.
  socket = ::dup2(socket, 3);
  ::close_range(4, ~0U, 0);
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);

  sigset_t child_signal;
  ::sigemptyset(&child_signal);
  ::sigaddset(&child_signal, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &child_signal, nullptr);
  int const child_events = ::signalfd(-1, &child_signal, SFD_CLOEXEC);
  std::array<int, 2> error_pipe{};
  if (child_events < 0 || ::pipe2(error_pipe.data(), O_CLOEXEC) != 0) ::_exit(1);

  pid_t const guard = ::getpid();
  pid_t const child = ::fork();
  if (child == 0) become(plan, guard, error_pipe[1]);
  ::setpgid(child, child);  // also here: the group exists before anyone signals it
  ::close(error_pipe[1]);
  int error = child < 0 ? errno : 0;
  if (error == 0 && ::read(error_pipe[0], &error, sizeof error) <= 0) error = 0;
  tell(socket,
       {error == 0 ? GuardMessage::Kind::started : GuardMessage::Kind::failed, child, error});

  int status = 0;
  if (child > 0) {
    watch(child, socket, child_events);
    ::kill(-child, SIGKILL);  // stragglers; the number is still ours, the child is not reaped yet
    ::waitpid(child, &status, 0);
    kill_descendants();
  }
  tell(socket, {GuardMessage::Kind::ended, child, status});
  ::_exit(0);
}

}  // namespace pushlab::driver

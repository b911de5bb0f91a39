#include "loadgen/worker/worker_processes.hpp"

#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <exception>
#include <system_error>

#include "loadgen/loop/clock.hpp"
#include "loadgen/loop/file.hpp"
#include "loadgen/worker/worker.hpp"

namespace pushlab::loadgen {

namespace {

constexpr std::int64_t farewell_ns = 20 * ns_per_s;  // to write the report and leave

class Child {
 public:
  Child(LoadScript const& script, EventLog& log, Board& board, unsigned number);
  ~Child() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  Child(Child const&) = delete;
  Child& operator=(Child const&) = delete;

  bool has_left();  // reaps it; throws when it did not leave in order
  WorkerReport report() const;

 private:
  Board& board_;
  unsigned number_;
  File memory_;
  pid_t pid_ = -1;
};

void write_all(int fd, std::vector<char> const& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    auto const size = ::write(fd, bytes.data() + at, bytes.size() - at);
    if (size < 0) throw std::system_error(errno, std::system_category(), "write");
    at += static_cast<std::size_t>(size);
  }
}

// The life of a child process. No destructor of the parent's objects may run in it, hence _exit.
[[noreturn]] void live(LoadScript const& script, EventLog& log, Board& board, unsigned number,
                       int memory, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  ::signal(SIGINT, SIG_IGN);
  try {
    Worker worker(script, log, board, number);
    worker.run({});
    write_all(memory, to_bytes(worker.report()));
  } catch (std::exception const& error) {
    board.workers[number].tell_trouble(error.what());
    ::_exit(1);
  }
  ::_exit(0);
}

Child::Child(LoadScript const& script, EventLog& log, Board& board, unsigned number)
    : board_(board), number_(number), memory_(::memfd_create("pushlab-worker", MFD_CLOEXEC)) {
  if (!memory_.is_open()) throw std::system_error(errno, std::system_category(), "memfd_create");
  auto const parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw std::system_error(errno, std::system_category(), "fork");
  if (pid_ == 0) live(script, log, board, number, memory_.get(), parent);
}

bool Child::has_left() {
  if (pid_ < 0) return true;
  int status = 0;
  auto const left = ::waitpid(pid_, &status, WNOHANG);
  if (left == 0) return false;
  pid_ = -1;
  if (left > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
  throw LoadError(fmt::format("worker {} of the load generator broke off (wait status {}): {}",
                              number_, status, board_.workers[number_].trouble.data()));
}

WorkerReport Child::report() const {
  auto const size = ::lseek(memory_.get(), 0, SEEK_END);
  std::vector<char> bytes(static_cast<std::size_t>(std::max<off_t>(0, size)));
  std::size_t at = 0;
  while (at < bytes.size()) {
    auto const got =
        ::pread(memory_.get(), bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (got <= 0) throw std::system_error(errno, std::system_category(), "pread");
    at += static_cast<std::size_t>(got);
  }
  return from_bytes(bytes);
}

void sleep_until(std::int64_t due_ns) {
  timespec const due{due_ns / ns_per_s, due_ns % ns_per_s};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr);
}

void await_all(std::vector<std::unique_ptr<Child>>& children) {
  auto const deadline = now_ns() + farewell_ns;
  for (auto const& child : children) {
    while (!child->has_left()) {
      if (now_ns() > deadline) throw LoadError("a worker of the load generator did not end");
      sleep_until(now_ns() + 2'000'000);
    }
  }
}

}  // namespace

std::vector<WorkerReport> run_processes(LoadScript const& script, EventLog& log, Board& board,
                                        Conductor& conductor) {
  std::vector<std::unique_ptr<Child>> children;
  for (unsigned number = 0; number < script.plan.workers; ++number) {
    children.push_back(std::make_unique<Child>(script, log, board, number));
  }
  while (true) {
    auto const next = conductor.step(now_ns());
    if (conductor.done()) break;
    for (auto const& child : children) {
      if (child->has_left()) throw LoadError("a worker of the load generator left early");
    }
    sleep_until(next);
  }
  await_all(children);
  std::vector<WorkerReport> reports;
  for (auto const& child : children) reports.push_back(child->report());
  return reports;
}

}  // namespace pushlab::loadgen

#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "driver/process.hpp"
#include "driver/target.hpp"

namespace pushlab::driver {

// The target did not start; what() says why, with the last lines of its log.
struct TargetError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// It runs, or ran, and was not ready by the deadline.
struct NotReady : TargetError {
  using TargetError::TargetError;
};

// A target that runs: started with its configuration files in place, seen to be ready, stopped by
// SIGTERM and a deadline. The destructor kills it.
class TargetProcess {
 public:
  struct Options {
    std::filesystem::path folder;  // {dir}: configuration files and whatever the server writes
    std::filesystem::path log;     // stdout and stderr of the server
    std::vector<int> cores;
    std::string client_listen;  // "host:port"; empty: 127.0.0.1 and a free port
    std::string ingest_listen;
    std::vector<std::string> under{};  // words before the command: a tool that starts the server
  };

  // Throws NotReady, TargetError, InputError.
  TargetProcess(Target const& target, Options options);

  pid_t pid() const { return process_->pid(); }
  std::string const& client_base() const { return client_base_; }  // "http://127.0.0.1:P"
  std::string const& ingest_base() const { return ingest_base_; }
  // {"ready":true,"client":..,"ingest":..,"pid":N}
  std::string ready_line() const;
  // Empty at the deadline or when the driver was interrupted.
  std::optional<ExitStatus> wait(std::chrono::milliseconds deadline) {
    return process_->wait(deadline);
  }
  ExitStatus stop();
  ExitStatus kill();  // SIGKILL, to the whole group

 private:
  void await_ready();
  bool see_ready_line();
  [[noreturn]] void fail(std::string const& what) const;

  Target const& target_;
  Options options_;
  Target::Ready ready_;
  std::string probe_;
  std::unique_ptr<Process> process_;
  std::string client_base_;
  std::string ingest_base_;
};

// "; it said: a / b": the last lines of a log as the tail of an error; empty when there is none.
std::string last_lines(std::filesystem::path const& log, std::size_t count);

}  // namespace pushlab::driver

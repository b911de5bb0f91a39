#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace pushlab::test {

using Arguments = std::vector<std::string>;

// A server program of ours, started from the build's bin folder and ready when the constructor
// returns. Dies with the test, whatever becomes of that. Throws std::runtime_error.
class ServerProcess {
 public:
  explicit ServerProcess(std::string const& program, Arguments const& flags = {});
  ~ServerProcess();
  ServerProcess(ServerProcess const&) = delete;

  std::uint16_t client_port() const { return client_port_; }
  std::uint16_t ingest_port() const { return ingest_port_; }
  pid_t pid() const { return pid_; }

  void terminate() const;   // SIGTERM
  int wait();               // for its end; the exit status, or 128 + signal
  std::string log() const;  // what it said on stderr so far

 private:
  pid_t pid_ = -1;
  int log_ = -1;
  std::uint16_t client_port_ = 0, ingest_port_ = 0;
};

// Runs a program that is expected to end by itself.
struct Ended {
  int status = 0;
  std::string out, err;
};
Ended run_to_end(std::string const& program, Arguments const& flags);

}  // namespace pushlab::test

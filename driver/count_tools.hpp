#pragma once
// What counts inside a server that runs: each knows the words that start a server under it, and
// reads its count while the server waits, or after it has ended.

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace pushlab::driver {

// How often something has happened since the server's start.
struct Tally {
  std::uint64_t calls = 0;   // system calls
  std::uint64_t writes = 0;  // those of them that write to a socket
  std::uint64_t allocations = 0;
};

// `marks` are read before each event and after the last one. What a block of ten events adds, the
// first block left out, in which the server fills what it keeps. Timers of the server add to a
// count now and then, so the cheapest is what events need.
constexpr std::size_t events_in_block = 10;
std::uint64_t cheapest_block(std::vector<Tally> const& marks, std::uint64_t Tally::* count);
// A block put together from the cheapest event at each place: for what timers add to every block.
std::uint64_t cheapest_places(std::vector<Tally> const& marks, std::uint64_t Tally::* count);

// strace writes a line for each system call, and has written it before the server goes on.
class SystemCallLog {
 public:
  explicit SystemCallLog(std::filesystem::path file);
  static std::string why_not();  // empty when strace is there
  std::vector<std::string> words() const;
  Tally read();

 private:
  void take(std::string_view line);

  std::filesystem::path file_;
  std::ifstream in_;
  std::string unfinished_;
  Tally tally_;
};

// libpushlab_count.so in a server that is linked to the C library.
class AllocationLog {
 public:
  explicit AllocationLog(std::filesystem::path file);  // throws std::system_error
  ~AllocationLog();
  AllocationLog(AllocationLog const&) = delete;
  AllocationLog& operator=(AllocationLog const&) = delete;

  static std::string why_not();
  std::vector<std::string> words() const;
  Tally read() const;
  // A process that took another LD_PRELOAD or needs no C library would count as none.
  static bool is_loaded_by(pid_t process);

 private:
  std::filesystem::path file_;
  void* page_;
};

// callgrind writes what it counted when the server ends.
class InstructionLog {
 public:
  explicit InstructionLog(std::filesystem::path folder) : folder_(std::move(folder)) {}
  static std::string why_not();
  std::vector<std::string> words() const;
  std::uint64_t read() const;  // in user space, of all processes and threads; 0: it wrote nothing

 private:
  std::filesystem::path folder_;
};

}  // namespace pushlab::driver

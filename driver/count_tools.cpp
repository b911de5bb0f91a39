#include "driver/count_tools.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <limits>
#include <numeric>
#include <system_error>

#include "driver/allocation_counter.hpp"
#include "driver/program_path.hpp"

namespace pushlab::driver {
namespace fs = std::filesystem;
namespace {

// Those that take a socket only, and those that take any descriptor: strace -y says which it is.
constexpr std::array<std::string_view, 4> socket_writes{"send", "sendto", "sendmsg", "sendmmsg"};
constexpr std::array<std::string_view, 3> any_writes{"write", "writev", "sendfile"};

template <class List>
bool is_in(List const& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

fs::path library() {
  return program_folder() / "libpushlab_count.so";
}

std::string why_no_program(char const* name) {
  return program_path(name).empty() ? fmt::format("{0} is not installed: apt install {0}", name)
                                    : "";
}

}  // namespace

std::uint64_t cheapest_block(std::vector<Tally> const& marks, std::uint64_t Tally::* count) {
  auto least = std::numeric_limits<std::uint64_t>::max();
  for (auto end = 2 * events_in_block; end < marks.size(); end += events_in_block)
    least = std::min(least, marks[end].*count - marks[end - events_in_block].*count);
  return least;
}

std::uint64_t cheapest_places(std::vector<Tally> const& marks, std::uint64_t Tally::* count) {
  std::array<std::uint64_t, events_in_block> least{};
  least.fill(std::numeric_limits<std::uint64_t>::max());
  for (auto event = events_in_block; event + 1 < marks.size(); ++event) {
    auto& place = least[event % events_in_block];
    place = std::min(place, marks[event + 1].*count - marks[event].*count);
  }
  return std::accumulate(least.begin(), least.end(), std::uint64_t{0});
}

SystemCallLog::SystemCallLog(fs::path file) : file_(std::move(file)) {}

std::string SystemCallLog::why_not() {
  return why_no_program("strace");
}

// -y names what a descriptor is; nothing else of the arguments is wanted.
std::vector<std::string> SystemCallLog::words() const {
  return {"strace",       "-f", "-qq",         "-y", "-s",           "0", "-e",
          "verbose=none", "-e", "signal=none", "-o", file_.string(), "--"};
}

// "4711  sendto(12<socket:[815]>, ""..., 69, MSG_NOSIGNAL, NULL, 0) = 69", or its two halves when
// another thread came between; the second has no arguments.
void SystemCallLog::take(std::string_view line) {
  auto const call = line.substr(std::min(line.find_first_not_of("0123456789 "), line.size()));
  if (call.starts_with("+++") || call.starts_with("---")) return;
  auto const second_half = call.starts_with("<... ");
  if (!call.ends_with("<unfinished ...>")) ++tally_.calls;
  if (second_half) return;
  auto const name = call.substr(0, call.find('('));
  auto const argument = call.substr(std::min(name.size() + 1, call.size()));
  auto const to_socket = argument.substr(0, argument.find(',')).find("<socket:") != argument.npos;
  if (is_in(socket_writes, name) || (is_in(any_writes, name) && to_socket)) ++tally_.writes;
}

Tally SystemCallLog::read() {
  if (!in_.is_open()) in_.open(file_);
  in_.clear();
  for (std::string part; std::getline(in_, part);) {
    unfinished_ += part;
    if (in_.eof()) break;  // the rest of the line comes with the next reading
    take(unfinished_);
    unfinished_.clear();
  }
  return tally_;
}

AllocationLog::AllocationLog(fs::path file) : file_(std::move(file)) {
  int const opened = ::open(file_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  auto const fail = [&] {
    auto const error = errno;
    if (opened >= 0) ::close(opened);
    throw std::system_error(error, std::generic_category(), file_.string());
  };
  if (opened < 0 || ::ftruncate(opened, sizeof(AllocationPage)) != 0) fail();
  page_ = ::mmap(nullptr, sizeof(AllocationPage), PROT_READ, MAP_SHARED, opened, 0);
  if (page_ == MAP_FAILED) fail();
  ::close(opened);
}

AllocationLog::~AllocationLog() {
  ::munmap(page_, sizeof(AllocationPage));
}

std::string AllocationLog::why_not() {
  return fs::exists(library()) ? "" : fmt::format("there is no {}: build it", library().string());
}

std::vector<std::string> AllocationLog::words() const {
  return {"env", fmt::format("LD_PRELOAD={}", library().string()),
          fmt::format("{}={}", allocation_file_variable, file_.string())};
}

Tally AllocationLog::read() const {
  return {0, 0, static_cast<AllocationPage const*>(page_)->calls.load()};
}

bool AllocationLog::is_loaded_by(pid_t process) {
  auto const name = library().string();
  std::ifstream in(fmt::format("/proc/{}/maps", process));
  for (std::string line; std::getline(in, line);)
    if (line.ends_with(name)) return true;
  return false;
}

std::string InstructionLog::why_not() {
  return why_no_program("valgrind");
}

std::vector<std::string> InstructionLog::words() const {
  return {"valgrind", "--tool=callgrind", "--quiet", "--trace-children=yes",
          fmt::format("--callgrind-out-file={}/callgrind.%p", folder_.string())};
}

std::uint64_t InstructionLog::read() const {
  constexpr std::string_view key = "totals: ";
  std::uint64_t sum = 0;
  for (auto const& entry : fs::directory_iterator(folder_)) {
    if (!entry.path().filename().string().starts_with("callgrind.")) continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with(key)) continue;
      std::uint64_t count = 0;
      std::from_chars(line.data() + key.size(), line.data() + line.size(), count);
      sum += count;
    }
  }
  return sum;
}

}  // namespace pushlab::driver

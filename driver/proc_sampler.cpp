#include "driver/proc_sampler.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

namespace pushlab::driver {
namespace fs = std::filesystem;
namespace {

std::string proc(pid_t pid) {
  return "/proc/" + std::to_string(pid);
}

// The process may end while its entries are read: what is gone is left out.
void for_each_entry(std::string const& folder, std::function<void(fs::path const&)> const& visit) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error))
    visit(entry->path());
}

// "Name:   123 kB" in a file of /proc; -1 when it is not there or not permitted.
std::int64_t kib_line(std::string const& file, std::string const& name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(name) && line[name.size()] == ':')
      return std::stoll(line.substr(name.size() + 1));
  }
  return -1;
}

// Not the pages of files: what they count depends on who else maps them at the moment.
std::int64_t own_kib(pid_t pid) {
  auto const rollup = proc(pid) + "/smaps_rollup";
  if (auto const anonymous = kib_line(rollup, "Pss_Anon"); anonymous >= 0)
    return anonymous + std::max<std::int64_t>(kib_line(rollup, "Pss_Shmem"), 0);
  auto const status = proc(pid) + "/status";
  return std::max<std::int64_t>(kib_line(status, "RssAnon"), 0) +
         std::max<std::int64_t>(kib_line(status, "RssShmem"), 0);
}

}  // namespace

std::vector<pid_t> ProcSampler::tree() const {
  std::vector<pid_t> pids;
  if (fs::exists(proc(root_))) pids.push_back(root_);
  for (std::size_t next = 0; next < pids.size(); ++next) {
    for_each_entry(proc(pids[next]) + "/task", [&](fs::path const& task) {
      std::ifstream in(task / "children");
      for (pid_t child = 0; in >> child;) pids.push_back(child);
    });
  }
  return pids;
}

std::int64_t ProcSampler::cpu_ns() {
  for (pid_t const pid : tree()) {
    for_each_entry(proc(pid) + "/task", [&](fs::path const& task) {
      std::int64_t ns = 0;
      if (std::ifstream in(task / "schedstat"); in >> ns)
        thread_cpu_ns_[std::stoi(task.filename())] = ns;
    });
  }
  std::int64_t sum = 0;
  for (auto const& [thread, ns] : thread_cpu_ns_) sum += ns;
  return sum;
}

ProcMemory ProcSampler::memory() const {
  ProcMemory memory;
  for (pid_t const pid : tree()) {
    auto const rss = std::max<std::int64_t>(kib_line(proc(pid) + "/status", "VmRSS"), 0);
    memory.rss_kib += rss;
    memory.user_kib += own_kib(pid);
  }
  memory.kernel_kib = std::max<std::int64_t>(kib_line("/proc/meminfo", "SUnreclaim"), 0);
  return memory;
}

int ProcSampler::threads() const {
  int count = 0;
  for (pid_t const pid : tree())
    for_each_entry(proc(pid) + "/task", [&](fs::path const&) { ++count; });
  return count;
}

bool ProcSampler::asleep() const {
  int threads = 0;
  int waiting = 0;
  for (pid_t const pid : tree()) {
    for_each_entry(proc(pid) + "/task", [&](fs::path const& task) {
      std::ifstream in(task / "stat");
      std::string stat;
      std::getline(in, stat);
      auto const name_end = stat.rfind(") ");  // the name may hold anything
      ++threads;
      if (name_end != std::string::npos && stat.substr(name_end + 2, 1) == "S") ++waiting;
    });
  }
  return threads > 0 && waiting == threads;
}

int ProcSampler::sockets() const {
  int count = 0;
  for (pid_t const pid : tree()) {
    for_each_entry(proc(pid) + "/fd", [&](fs::path const& fd) {
      std::error_code error;
      if (fs::read_symlink(fd, error).string().starts_with("socket:")) ++count;
    });
  }
  return count;
}

}  // namespace pushlab::driver

#include "driver/one_core.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "driver/proc_sampler.hpp"

namespace pushlab::driver {
namespace {

std::vector<pid_t> threads_of(pid_t process) {
  std::vector<pid_t> threads;
  std::error_code gone;
  for (auto const& task :
       std::filesystem::directory_iterator(fmt::format("/proc/{}/task", process), gone))
    threads.push_back(std::stoi(task.path().filename().string()));
  return threads;
}

cpu_set_t one_of(cpu_set_t const& allowed, std::uint64_t seed) {
  cpu_set_t one;
  CPU_ZERO(&one);
  auto rank = seed % static_cast<std::uint64_t>(CPU_COUNT(&allowed));
  for (std::size_t core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &allowed) && rank-- == 0) CPU_SET(core, &one);
  return one;
}

}  // namespace

OneCore::OneCore(std::vector<pid_t> const& processes, std::uint64_t seed) {
  cpu_set_t allowed;
  if (::sched_getaffinity(processes.front(), sizeof allowed, &allowed) != 0) return;
  auto const core = one_of(allowed, seed);
  for (auto const root : processes) {
    for (auto const process : ProcSampler(root).tree()) {
      for (auto const thread : threads_of(process)) {
        cpu_set_t before;
        if (::sched_getaffinity(thread, sizeof before, &before) != 0) continue;
        if (::sched_setaffinity(thread, sizeof core, &core) == 0) before_[thread] = before;
      }
    }
  }
}

OneCore::~OneCore() {
  for (auto const& [thread, before] : before_) ::sched_setaffinity(thread, sizeof before, &before);
}

}  // namespace pushlab::driver

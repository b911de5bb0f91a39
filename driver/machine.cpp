#include "driver/machine.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>

namespace pushlab::driver {
namespace {

std::string first_line(char const* file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

// The value of the first "key<blanks><separator> value" line; surrounding quotes are dropped.
std::string value_of(char const* file, std::string const& key, char separator) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    auto const at = line.find(separator);
    if (at == std::string::npos) continue;
    auto value = line.substr(at + 1);
    value.erase(0, value.find_first_not_of(" \t\""));
    value.erase(value.find_last_not_of(" \t\"") + 1);
    return value;
  }
  return {};
}

std::string hypervisor() {
  auto const type = first_line("/sys/hypervisor/type");
  if (!type.empty()) return type;
  auto const flags = value_of("/proc/cpuinfo", "flags", ':') + " ";
  if (flags.find(" hypervisor ") == std::string::npos) return "none";
  auto const vendor = first_line("/sys/class/dmi/id/sys_vendor");
  return vendor.empty() ? "yes, of unknown kind" : vendor;
}

std::vector<int> allowed_cores() {
  std::vector<int> cores;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(static_cast<std::size_t>(core), &set)) cores.push_back(core);
  }
  return cores;
}

double cpu_seconds(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  auto const seconds = [](timeval time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

boost::json::object machine_facts() {
  utsname kernel{};
  ::uname(&kernel);
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  auto const memory_kib = value_of("/proc/meminfo", "MemTotal", ':');
  auto const cores = divide_cores();
  auto const ports = first_line("/proc/sys/net/ipv4/ip_local_port_range");
  std::istringstream range(ports);
  int first_port = 0, last_port = 0;
  range >> first_port >> last_port;
  return {{"cpu_model", value_of("/proc/cpuinfo", "model name", ':')},
          {"cores", ::sysconf(_SC_NPROCESSORS_ONLN)},
          {"memory_kib", memory_kib.empty() ? 0 : std::stoll(memory_kib)},
          {"kernel", std::string(kernel.release) + " " + kernel.machine},
          {"os", value_of("/etc/os-release", "PRETTY_NAME", '=')},
          {"hypervisor", hypervisor()},
          {"nofile", files.rlim_cur},
          {"congestion_control", first_line("/proc/sys/net/ipv4/tcp_congestion_control")},
          {"port_range", {first_port, last_port}},
          {"somaxconn", std::atoi(first_line("/proc/sys/net/core/somaxconn").c_str())},
          {"server_cores", boost::json::array(cores.server.begin(), cores.server.end())},
          {"load_cores", boost::json::array(cores.load.begin(), cores.load.end())}};
}

Cores divide_cores() {
  auto const cores = allowed_cores();
  if (cores.size() < 2) return {};
  return {{cores.front()}, {cores.begin() + 1, cores.end()}};
}

MachineShares::MachineShares() : begin_(read()) {}

MachineShares::Reading MachineShares::read() {
  // cpu user nice system idle iowait irq softirq steal guest guest_nice, in ticks; guest time is
  // part of user time (proc(5)).
  std::ifstream in("/proc/stat");
  std::string label;
  in >> label;
  std::array<double, 8> ticks{};
  for (double& value : ticks) in >> value;
  double const tick_s = 1.0 / static_cast<double>(::sysconf(_SC_CLK_TCK));
  double total = 0;
  for (double const value : ticks) total += value;
  double const idle = ticks[3] + ticks[4], steal = ticks[7];
  return {total * tick_s, (total - idle - steal) * tick_s, steal * tick_s,
          cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN)};
}

MachineShares::Shares MachineShares::now() const {
  auto const end = read();
  double const total = std::max(end.total_s - begin_.total_s, 1e-9);
  double const other = end.busy_s - begin_.busy_s - (end.own_s - begin_.own_s);
  return {(end.steal_s - begin_.steal_s) / total, std::max(other, 0.0) / total};
}

}  // namespace pushlab::driver

// What the kernel says about the machine and about the calling thread: readings whose difference
// over the measured phase tells what disturbed the load generator.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pushlab::loadgen {

// Sums since the start of machine or thread; nothing where the kernel does not tell.
struct SystemReading {
  std::optional<std::uint64_t> wait_ns;  // this thread was ready and had no core
  std::optional<std::uint64_t> steal_ticks, all_ticks;
  std::optional<std::uint64_t> pressure_us;
  std::optional<std::uint64_t> listen_overflows;
  std::optional<std::uint64_t> receive_drops;
  std::optional<std::uint64_t> backlog_drops;  // before any socket: netdev_max_backlog was full
};

SystemReading read_thread();   // wait_ns only
SystemReading read_machine();  // all, of the calling thread and the machine
SystemReading difference(SystemReading const& end, SystemReading const& begin);

// The texts of /proc/thread-self/schedstat, /proc/stat, /proc/pressure/cpu, /proc/net/netstat and
// /proc/net/softnet_stat.
void parse_schedstat(std::string_view text, SystemReading& out);
void parse_stat(std::string_view text, SystemReading& out);
void parse_pressure(std::string_view text, SystemReading& out);
void parse_netstat(std::string_view text, SystemReading& out);
void parse_softnet(std::string_view text, SystemReading& out);

}  // namespace pushlab::loadgen

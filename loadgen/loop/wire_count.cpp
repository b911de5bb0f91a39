#include "loadgen/loop/wire_count.hpp"

// The kernel's header, because the C library's tcp_info ends before the byte counters. The two
// cannot be included together.
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>

namespace pushlab::loadgen {

namespace {

// The kernel's numbers of the states in which the peer's FIN has come: it counts as a byte.
bool has_ended(unsigned state) {
  constexpr unsigned time_wait = 6;
  constexpr unsigned close_wait = 8;
  constexpr unsigned last_ack = 9;
  constexpr unsigned closing = 11;
  return state == time_wait || state == close_wait || state == last_ack || state == closing;
}

}  // namespace

WireCount& WireCount::operator+=(WireCount const& other) {
  bytes_received += other.bytes_received;
  bytes_sent += other.bytes_sent;
  segments_received += other.segments_received;
  segments_sent += other.segments_sent;
  known = known && other.known;
  return *this;
}

WireCount& WireCount::operator-=(WireCount const& other) {
  bytes_received -= other.bytes_received;
  bytes_sent -= other.bytes_sent;
  segments_received -= other.segments_received;
  segments_sent -= other.segments_sent;
  known = known && other.known;
  return *this;
}

WireCount wire_count_of(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  // bytes_sent is the youngest of the members (Linux 4.19).
  constexpr auto enough = offsetof(tcp_info, tcpi_bytes_sent) + sizeof info.tcpi_bytes_sent;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || size < enough) {
    return {.known = false};
  }
  auto const fin = has_ended(info.tcpi_state) && info.tcpi_bytes_received > 0 ? 1U : 0U;
  return {info.tcpi_bytes_received - fin, info.tcpi_bytes_sent, info.tcpi_segs_in,
          info.tcpi_segs_out};
}

}  // namespace pushlab::loadgen

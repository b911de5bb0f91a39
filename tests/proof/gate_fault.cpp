// A fault that a gate has to catch, put under any server by LD_PRELOAD. The server's program stays
// what it is.
//
//   GATE_FAULT_SEND_NS   every delivery takes so much longer, and so does every one behind it
//   GATE_FAULT_LATER_NS  every delivery costs so much more CPU, spent when all of them are out
//   GATE_FAULT_STALL_MS  every 50th event (2 %) waits so long before its first delivery
//   GATE_FAULT_ACCEPT_B  every connection takes so many bytes more
//   GATE_FAULT_LOSE      so many deliveries of an event are never made
//
// A delivery is a send() or sendmsg(); an event is all of them until the next epoll_wait(), when
// they are many. So streams and long polls can have all of these, of which a long poll's gate does
// not measure memory; the GETs of short polls and reloads, one at a time, can only take longer.
#include <dlfcn.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

long setting(char const* name) {
  char const* value = std::getenv(name);
  return value ? std::atol(value) : 0;
}

long const send_ns = setting("GATE_FAULT_SEND_NS");
long const later_ns = setting("GATE_FAULT_LATER_NS");
long const stall_ms = setting("GATE_FAULT_STALL_MS");
long const accept_bytes = setting("GATE_FAULT_ACCEPT_B");
long const lost = setting("GATE_FAULT_LOSE");

constexpr unsigned stall_every = 50;
constexpr unsigned smallest_event =
    10;  // sends that are no fan-out: answers of the ingest, greetings

thread_local unsigned sends = 0;  // since the last epoll_wait()
thread_local std::uint64_t events = 0;
char* volatile forgotten = nullptr;  // or the compiler would leave the allocation out

void spin(std::int64_t ns) {
  auto const end = std::chrono::steady_clock::now() + std::chrono::nanoseconds(ns);
  while (std::chrono::steady_clock::now() < end) {
  }
}

template <class Function>
Function next(char const* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

void before_send() {
  if (send_ns > 0) spin(send_ns);
  // Late enough to be sure that this is a fan-out, early enough to delay nearly all of it.
  if (++sends == smallest_event && stall_ms > 0 && ++events % stall_every == 0) {
    timespec const pause{0, stall_ms * 1'000'000};
    ::nanosleep(&pause, nullptr);
  }
}

bool is_lost() {
  return sends >= smallest_event && static_cast<long>(sends - smallest_event) < lost;
}

int accepted(int fd) {
  if (fd < 0 || accept_bytes == 0) return fd;
  // Never freed, as by a server that has forgotten something.
  auto* const bytes = static_cast<char*>(std::malloc(static_cast<std::size_t>(accept_bytes)));
  if (bytes != nullptr) std::memset(bytes, 1, static_cast<std::size_t>(accept_bytes));
  forgotten = bytes;
  return fd;
}

}  // namespace

extern "C" {

ssize_t send(int fd, void const* bytes, size_t count, int flags) {
  static auto const real = next<ssize_t (*)(int, void const*, size_t, int)>("send");
  before_send();
  if (is_lost()) return static_cast<ssize_t>(count);
  return real(fd, bytes, count, flags);
}

ssize_t sendmsg(int fd, msghdr const* message, int flags) {
  static auto const real = next<ssize_t (*)(int, msghdr const*, int)>("sendmsg");
  before_send();
  if (is_lost()) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < message->msg_iovlen; ++i) count += message->msg_iov[i].iov_len;
    return static_cast<ssize_t>(count);
  }
  return real(fd, message, flags);
}

int epoll_wait(int epoll, epoll_event* ready, int most, int patience_ms) {
  static auto const real = next<int (*)(int, epoll_event*, int, int)>("epoll_wait");
  if (later_ns > 0 && sends >= smallest_event) spin(std::int64_t{later_ns} * sends);
  sends = 0;
  return real(epoll, ready, most, patience_ms);
}

int accept(int fd, sockaddr* address, socklen_t* length) {
  static auto const real = next<int (*)(int, sockaddr*, socklen_t*)>("accept");
  return accepted(real(fd, address, length));
}

int accept4(int fd, sockaddr* address, socklen_t* length, int flags) {
  static auto const real = next<int (*)(int, sockaddr*, socklen_t*, int)>("accept4");
  return accepted(real(fd, address, length, flags));
}
}

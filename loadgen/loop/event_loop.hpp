// A plain epoll loop with absolute timers, made for one thread that reads thousands of sockets.
//
// A due timer never waits for a whole batch of reads: the loop looks at its time after every
// handler, and a handler that has just read the clock hands the reading over with `saw_time`, so
// that the look costs nothing.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <queue>
#include <vector>

#include "loadgen/loop/clock.hpp"
#include "loadgen/loop/file.hpp"

namespace pushlab::loadgen {

// Something that waits in the loop. It must outlive every descriptor and timer it has registered.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual void on_ready(std::uint32_t events) = 0;  // EPOLLIN, EPOLLOUT, EPOLLERR, ...
  virtual void on_timer(std::int64_t /*now_ns*/, std::uint32_t /*token*/) {}
};

class EventLoop {
 public:
  EventLoop();  // throws std::system_error

  // Level-triggered. `fd` leaves the loop when it is closed.
  void watch(int fd, std::uint32_t events, Waiter& waiter);
  void rewatch(int fd, std::uint32_t events, Waiter& waiter);
  void unwatch(int fd);

  // Timers cannot be taken back: a waiter gives each a token and ignores the stale ones.
  void at(std::int64_t due_ns, Waiter& waiter, std::uint32_t token = 0);

  void run();  // until stop()
  void stop() { stopped_ = true; }

  void saw_time(std::int64_t now) { now_ns_ = now; }

  // Bytes for one recv, shared by all waiters: what is read must be used up before the handler
  // returns.
  std::array<char, 64 * 1024>& scratch() { return scratch_; }

 private:
  struct Timer {
    std::int64_t due_ns;
    Waiter* waiter;
    std::uint32_t token;
    bool operator>(Timer const& other) const { return due_ns > other.due_ns; }
  };

  void control(int operation, int fd, std::uint32_t events, Waiter* waiter);
  int wait();
  void fire_due_timers();

  File epoll_;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  std::array<epoll_event, 256> ready_{};
  int ready_count_ = 0;
  std::int64_t now_ns_ = 0;
  bool stopped_ = false;
  std::array<char, 64 * 1024> scratch_{};
};

}  // namespace pushlab::loadgen

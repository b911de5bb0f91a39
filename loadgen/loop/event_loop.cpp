#include "loadgen/loop/event_loop.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace pushlab::loadgen {

EventLoop::EventLoop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_.is_open()) throw std::system_error(errno, std::system_category(), "epoll_create1");
  // The default timer slack of 50 us would be added to every intended time.
  ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}

void EventLoop::control(int operation, int fd, std::uint32_t events, Waiter* waiter) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = waiter;
  if (::epoll_ctl(epoll_.get(), operation, fd, &event) != 0) {
    throw std::system_error(errno, std::system_category(), "epoll_ctl");
  }
}

void EventLoop::watch(int fd, std::uint32_t events, Waiter& waiter) {
  control(EPOLL_CTL_ADD, fd, events, &waiter);
}

void EventLoop::rewatch(int fd, std::uint32_t events, Waiter& waiter) {
  control(EPOLL_CTL_MOD, fd, events, &waiter);
}

void EventLoop::unwatch(int fd) {
  control(EPOLL_CTL_DEL, fd, 0, nullptr);
}

void EventLoop::at(std::int64_t due_ns, Waiter& waiter, std::uint32_t token) {
  timers_.push({due_ns, &waiter, token});
}

void EventLoop::run() {
  stopped_ = false;
  while (!stopped_) {
    ready_count_ = wait();
    now_ns_ = now_ns();
    fire_due_timers();
    for (int i = 0; i < ready_count_ && !stopped_; ++i) {
      auto const& event = ready_[static_cast<std::size_t>(i)];
      static_cast<Waiter*>(event.data.ptr)->on_ready(event.events);
      if (!timers_.empty() && timers_.top().due_ns <= now_ns_) fire_due_timers();
    }
  }
}

int EventLoop::wait() {
  timespec timeout{};
  timespec* wait_for = nullptr;
  if (!timers_.empty()) {
    auto const left = std::max<std::int64_t>(0, timers_.top().due_ns - now_ns());
    timeout = {left / ns_per_s, left % ns_per_s};
    wait_for = &timeout;
  }
  auto const count = ::epoll_pwait2(epoll_.get(), ready_.data(), static_cast<int>(ready_.size()),
                                    wait_for, nullptr);
  if (count >= 0) return count;
  if (errno == EINTR) return 0;
  throw std::system_error(errno, std::system_category(), "epoll_pwait2");
}

void EventLoop::fire_due_timers() {
  while (!stopped_ && !timers_.empty() && timers_.top().due_ns <= now_ns_) {
    auto const timer = timers_.top();
    timers_.pop();
    timer.waiter->on_timer(now_ns_, timer.token);
  }
}

}  // namespace pushlab::loadgen

#include "tests/conformance/testing/scripted_hub.hpp"

namespace pushlab::conformance::testing {

Publisher::Answer ScriptedHub::post(std::string const& name, std::string const& body,
                                    Deadline const&) {
  Post const one{name, body};
  if (closed()) return {503, {}};
  auto const answer = admit_ ? admit_(one) : Answer{202, {}};
  if (answer.accepted()) {
    std::lock_guard const lock(mutex_);
    posts_.push_back(one);
    came_.notify_all();
  }
  return answer;
}

std::optional<ScriptedHub::Post> ScriptedHub::await(std::size_t& next, Peer& peer,
                                                    double within_s) {
  auto const deadline = Deadline::in(within_s);
  while (!deadline.over()) {
    {
      std::unique_lock lock(mutex_);
      bool const there = came_.wait_for(lock, std::chrono::milliseconds(20), [&] {
        return closed_ || posts_.size() > next;
      }) && posts_.size() > next;
      if (there) return posts_[next++];
      if (closed_) return {};
    }
    if (!peer.wait(0)) return {};
  }
  return {};
}

void ScriptedHub::close() {
  std::lock_guard const lock(mutex_);
  closed_ = true;
  came_.notify_all();
}

void ScriptedHub::open() {
  std::lock_guard const lock(mutex_);
  closed_ = false;
}

bool ScriptedHub::closed() {
  std::lock_guard const lock(mutex_);
  return closed_;
}

std::size_t ScriptedHub::count() {
  std::lock_guard const lock(mutex_);
  return posts_.size();
}

}  // namespace pushlab::conformance::testing

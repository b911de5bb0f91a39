#include "tests/conformance/testing/scripted_hub.hpp"

namespace pushlab::conformance::testing {

Publisher::Answer ScriptedHub::post(std::string const& name, std::string const& body,
                                    Deadline const&) {
  Post const one{name, body};
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
      bool const there =
          came_.wait_for(lock, std::chrono::milliseconds(20), [&] { return posts_.size() > next; });
      if (there) return posts_[next++];
    }
    if (!peer.wait(0)) return {};
  }
  return {};
}

}  // namespace pushlab::conformance::testing

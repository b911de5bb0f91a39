#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "tests/conformance/engine/publisher.hpp"
#include "tests/conformance/testing/scripted_server.hpp"

namespace pushlab::conformance::testing {

// The publisher of a scripted endpoint: what the checker posts reaches the talks of the server.
// Must outlive the server.
class ScriptedHub final : public Publisher {
 public:
  struct Post {
    std::string name;
    std::string body;
  };

  // What post() answers; the default takes everything.
  using Admit = std::function<Answer(Post const&)>;
  explicit ScriptedHub(Admit admit = {}) : admit_(std::move(admit)) {}

  Answer post(std::string const& name, std::string const& body, Deadline const& deadline) override;

  // The first accepted post at or behind `next`, which it moves on: each talk keeps its own `next`.
  // Empty when the client is gone, the server ends, the hub is closed or nothing came in time.
  std::optional<Post> await(std::size_t& next, Peer& peer, double within_s = 20);
  // How many posts were accepted so far: where a talk without a past begins.
  std::size_t count();

  // From now on posts are answered by 503 and await() returns at once; until open() again.
  void close();
  void open();
  bool closed();

 private:
  Admit admit_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Post> posts_;
  bool closed_ = false;
};

}  // namespace pushlab::conformance::testing

#include "servers/auth/redis_outstanding.hpp"

#include <algorithm>
#include <utility>

namespace pushlab::server {
namespace {

constexpr std::chrono::milliseconds grace{20};

}  // namespace

void RedisOutstanding::push(Done done, Clock::time_point due, std::size_t answers) {
  commands_.push_back({std::move(done), due, answers});
  watch();
}

bool RedisOutstanding::answer(RedisReply reply) {
  if (commands_.empty()) return false;
  ++answers_;
  if (--commands_.front().answers > 0) return true;
  auto const done = std::move(commands_.front().done);
  commands_.pop_front();
  done(std::move(reply));
  return true;
}

std::vector<RedisOutstanding::Done> RedisOutstanding::take_all() {
  std::vector<Done> all;
  for (auto& command : std::exchange(commands_, {})) all.push_back(std::move(command.done));
  due_since_.reset();
  return all;
}

// Every command has the same time, so the oldest is the first that is due. The timer is not moved
// with each command: it looks again when it comes up.
void RedisOutstanding::watch() {
  if (commands_.empty() || std::exchange(watching_, true)) return;
  timer_.expires_at(std::max(commands_.front().due, Clock::now() + grace));
  timer_.async_wait([this, alive = std::weak_ptr<char>{alive_}](boost::system::error_code ec) {
    if (ec || alive.expired()) return;
    watching_ = false;
    if (is_overdue()) return overdue_();
    watch();
  });
}

// After this loop was busy for long, answers lie in the socket: as long as some come, Redis is not
// to blame.
bool RedisOutstanding::is_overdue() {
  auto const now = Clock::now();
  auto const answers_before = std::exchange(answers_when_due_, answers_);
  if (commands_.empty() || commands_.front().due > now) {
    due_since_.reset();
    return false;
  }
  if (!due_since_) {
    due_since_ = now;
    return false;
  }
  return answers_before == answers_ || now - *due_since_ >= timeout_;
}

}  // namespace pushlab::server

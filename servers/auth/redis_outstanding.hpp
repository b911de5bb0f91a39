#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "servers/auth/redis_reply.hpp"

namespace pushlab::server {

// The commands that one connection has not answered yet, the oldest first, and their time. One
// thread. No call comes from here once it is destroyed.
class RedisOutstanding {
 public:
  using Clock = std::chrono::steady_clock;
  using Done = std::function<void(RedisReply)>;

  // `overdue` is called when the oldest should have been answered and no answers come at all.
  RedisOutstanding(boost::asio::io_context& io, std::chrono::milliseconds timeout,
                   std::function<void()> overdue)
      : timeout_(timeout), overdue_(std::move(overdue)), timer_(io) {}

  // In the order of their deadlines. A subscription is answered once for each channel.
  void push(Done done, Clock::time_point due, std::size_t answers = 1);

  // The oldest gets its answer; false when there is none.
  bool answer(RedisReply reply);

  std::vector<Done> take_all();
  std::size_t size() const { return commands_.size(); }

 private:
  struct Command {
    Done done;
    Clock::time_point due;
    std::size_t answers;
  };
  void watch();
  bool is_overdue();

  std::chrono::milliseconds const timeout_;
  std::function<void()> overdue_;
  std::deque<Command> commands_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
  boost::asio::steady_timer timer_;
  bool watching_ = false;
  std::optional<Clock::time_point> due_since_;  // the oldest should have been answered then
  std::uint64_t answers_ = 0, answers_when_due_ = 0;
};

}  // namespace pushlab::server

#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <random>

#include "servers/auth/auth_options.hpp"
#include "servers/auth/redis_connection.hpp"
#include "servers/auth/redis_outstanding.hpp"

namespace pushlab::server {

// A connection to Redis that is always there again: it signs on, keeps the time of each command,
// and when it breaks, connects anew for as long as it lives, after pauses that grow and vary. One
// thread. Destroying it forgets what is outstanding: no call back comes any more.
class RedisLink final : private RedisConnection::Owner {
 public:
  using Done = RedisOutstanding::Done;
  static constexpr std::size_t max_outstanding = 10'000;

  // Connects at once, by address, user, password and db of the options.
  RedisLink(boost::asio::io_context& io, RedisOptions const& options);
  ~RedisLink();
  RedisLink(RedisLink const&) = delete;

  // `done` is called exactly once, within timeout_ms or hardly later; perhaps before this returns:
  // `no_answer` when there is no connection, nor one being made, or too much is outstanding.
  void command(std::vector<std::string> words, Done done);

  // A link that has subscribed takes no other commands. `done` comes when Redis has said yes to
  // every channel; a no ends the connection. Subscriptions end with their connection.
  void subscribe(std::vector<std::string> const& channels, Done done);
  void unsubscribe(std::string const& channel);
  void on_message(std::function<void(std::string const& channel, std::string const& text)> call) {
    message_ = std::move(call);
  }

  // Redis answers. An attempt failed, or the connection broke, and why.
  void on_up(std::function<void()> call) { up_ = std::move(call); }
  void on_down(std::function<void(std::string const& why)> call) { down_ = std::move(call); }

  bool connected() const { return connected_.load(std::memory_order_relaxed); }  // any thread

 private:
  using Clock = std::chrono::steady_clock;
  struct Command {
    std::vector<std::string> words;
    Done done;
    Clock::time_point due;
    std::size_t answers = 1;  // one for each channel of a subscription
  };

  void submit(Command command);
  void send(Command command);

  void attempt();
  void resolve(std::string const& host, std::string const& port);
  void open_unix(std::string const& path);
  void open_next(std::string why);
  void sign_on();
  void become_ready();
  void fail(std::string const& why);
  void pause();

  void on_reply(RedisReply reply) override;
  void on_push(RedisReply reply) override;
  void on_end(std::string why) override;

  // A handler that does nothing once this link is gone or has moved on to another attempt.
  template <typename F>
  auto of_this_attempt(F call) {
    return [=, this, alive = std::weak_ptr<char>{alive_}, attempt = attempts_](
               boost::system::error_code ec, auto&&... results) {
      if (!alive.expired() && attempt == attempts_) call(ec, results...);
    };
  }

  boost::asio::io_context& io_;
  RedisOptions const options_;
  std::chrono::milliseconds const timeout_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
  std::function<void(std::string const&, std::string const&)> message_ = [](auto&, auto&) {};
  std::function<void()> up_ = [] {};
  std::function<void(std::string const&)> down_ = [](auto&) {};

  enum class State { connecting, ready, pausing };
  State state_ = State::pausing;
  std::atomic<bool> connected_{false};
  std::uint64_t attempts_ = 0;
  boost::asio::ip::tcp::resolver resolver_;
  std::deque<boost::asio::ip::tcp::endpoint> endpoints_;  // still to be tried in this attempt
  boost::asio::steady_timer attempt_timer_;               // its deadline, or the pause before it
  Clock::time_point ready_since_;
  Clock::duration pause_;
  std::minstd_rand random_{std::random_device{}()};

  std::shared_ptr<RedisConnection> connection_;
  std::deque<Command> waiting_;  // for the connection
  RedisOutstanding outstanding_;
};

}  // namespace pushlab::server

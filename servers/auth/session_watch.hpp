#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <unordered_map>

#include "servers/auth/authenticator.hpp"

namespace pushlab::server {

// The sessions that connections depend on: counts who watches, looks again when told to and in
// turn, and tells when one is over. That is when it is gone, belongs to another user, or lost a
// role that its user had; a look that nobody answered ends nothing. One thread.
class SessionWatch {
 public:
  using Clock = std::chrono::steady_clock;
  // Asks who a session belongs to now; 503 when nobody can tell.
  using Look = std::function<void(std::string const& session, std::function<void(AuthVerdict)>)>;
  static constexpr std::size_t max_looks = 256;  // at the same time

  // Every session is looked at once in each `period`, a few at a time.
  SessionWatch(boost::asio::io_context& io, std::chrono::milliseconds period, Look look);

  // A session that ended is not watched any more when this is called.
  void on_over(std::function<void(Revocation const&)> call) { over_ = std::move(call); }

  // Who a session belonged to when a client was let in by it: what a look has to find again. A
  // session is watched soon after or never, so only the last of these are kept.
  void expect(Identity const& identity);

  bool add(std::string const& session);     // true: it was not watched
  bool remove(std::string const& session);  // true: it is not watched any more
  std::size_t size() const { return turn_.size(); }
  // `call` must not come back here.
  void for_each(std::function<void(std::string const&)> const& call) const;

  void look(std::string const& session);  // again, soon
  void look_at_all();
  void touched(std::string const& session);  // Redis says that it changed: look, before others
  void end(std::string const& session);      // Redis says that it is over

 private:
  struct Watched {
    std::uint32_t watchers = 0;
    std::uint32_t leavers = 0;  // were told of the end, have not called remove() yet
    std::optional<Identity> identity;
    Clock::time_point found_at;  // it was there then
    std::optional<Clock::time_point> pushed_at;
    bool queued = false, looking = false, again = false;
    std::list<std::string>::iterator turn;
  };
  Watched* find(std::string const& session);
  std::optional<Identity> expected(std::string const& session) const;

  void start_ticking();
  void tick();
  void queue_look(std::string const& session, Watched& watched);
  void pump();
  void looked(std::string const& session, Clock::time_point asked_at, AuthVerdict const& verdict);
  void tell_over(std::string const& session, Revocation revocation);

  std::chrono::milliseconds const period_;
  Look look_;
  std::function<void(Revocation const&)> over_ = [](Revocation const&) {};
  std::unordered_map<std::string, Watched> watched_;
  std::list<std::string> turn_;    // who is looked at next
  std::deque<std::string> queue_;  // to be looked at now
  std::size_t looks_ = 0;          // under way
  bool pumping_ = false;
  std::unordered_map<std::string, Identity> newcomers_, older_newcomers_;

  std::shared_ptr<char> alive_ = std::make_shared<char>();
  boost::asio::steady_timer ticker_;
  bool ticking_ = false;
  Clock::time_point last_tick_;
  double due_ = 0;  // looks that the time since the last ticks allows
};

}  // namespace pushlab::server

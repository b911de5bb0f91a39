#include "servers/auth/redis_link.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <utility>

#include "servers/auth/redis_address.hpp"

namespace pushlab::server {
namespace {

constexpr std::chrono::milliseconds shortest_pause{50}, longest_pause{2000};

}  // namespace

RedisLink::RedisLink(boost::asio::io_context& io, RedisOptions const& options)
    : io_(io),
      options_(options),
      timeout_(options.timeout_ms),
      resolver_(io),
      attempt_timer_(io),
      pause_(shortest_pause),
      outstanding_(io, timeout_, [this] { fail("Redis does not answer in time"); }) {
  attempt();
}

RedisLink::~RedisLink() {
  if (connection_) connection_->close();
}

void RedisLink::command(std::vector<std::string> words, Done done) {
  submit({std::move(words), std::move(done), Clock::now() + timeout_});
}

void RedisLink::subscribe(std::vector<std::string> const& channels, Done done) {
  std::vector<std::string> words{"SUBSCRIBE"};
  words.insert(words.end(), channels.begin(), channels.end());
  submit({std::move(words), std::move(done), Clock::now() + timeout_, channels.size()});
}

void RedisLink::unsubscribe(std::string const& channel) {
  submit({{"UNSUBSCRIBE", channel}, [](RedisReply) {}, Clock::now() + timeout_});
}

void RedisLink::submit(Command command) {
  auto const is_full = waiting_.size() + outstanding_.size() >= max_outstanding;
  if (state_ == State::pausing || is_full) return command.done({});
  if (state_ == State::ready) return send(std::move(command));
  waiting_.push_back(std::move(command));
}

void RedisLink::send(Command command) {
  outstanding_.push(std::move(command.done), command.due, command.answers);
  connection_->send(command.words);
}

// --- an attempt: names, connections, signing on, all within the timeout

void RedisLink::attempt() {
  ++attempts_;
  state_ = State::connecting;
  attempt_timer_.expires_after(timeout_);
  attempt_timer_.async_wait(of_this_attempt([this](auto ec) {
    if (!ec && state_ == State::connecting) fail("Redis does not answer in time");
  }));
  auto const address = parse_redis_address(options_.address);
  if (!address) return fail("the address is neither HOST:PORT nor the path of a socket");
  endpoints_.clear();
  if (!address->path.empty()) return open_unix(address->path);
  boost::system::error_code is_name;
  auto const ip = boost::asio::ip::make_address(address->host, is_name);
  if (is_name) return resolve(address->host, std::to_string(address->port));
  endpoints_.emplace_back(ip, address->port);
  open_next("");
}

void RedisLink::open_unix(std::string const& path) {
  std::string why;
  connection_ = std::make_shared<RedisConnection>(io_);
  if (connection_->open_unix(path, *this, why)) return sign_on();
  fail(why);
}

void RedisLink::resolve(std::string const& host, std::string const& port) {
  auto const kind = boost::asio::ip::resolver_base::numeric_service;
  auto const found = [this](auto ec, auto const& entries) {
    if (ec) return fail(ec.message());
    for (auto const& entry : entries) endpoints_.push_back(entry.endpoint());
    // Another one first each time: it may be one that lets us wait until the attempt is over.
    for (auto n = attempts_ / 2 % endpoints_.size(); n > 0; --n) {
      endpoints_.push_back(endpoints_.front());
      endpoints_.pop_front();
    }
    open_next("");
  };
  resolver_.async_resolve(host, port, kind, of_this_attempt(found));
}

// `why` the one before did not do. A name may have addresses at which nobody listens.
void RedisLink::open_next(std::string why) {
  connection_ = std::make_shared<RedisConnection>(io_);
  while (!endpoints_.empty()) {
    auto const endpoint = endpoints_.front();
    endpoints_.pop_front();
    if (connection_->open_tcp(endpoint.address().to_string(), endpoint.port(), *this, why))
      return sign_on();
  }
  fail(why);
}

// Sends what waits only when Redis has agreed to all of this: no command may run in another
// database, and a Redis that accepts connections and does not answer is none.
void RedisLink::sign_on() {
  auto const must = [this](std::vector<std::string> words) {
    send({std::move(words),
          [this](RedisReply reply) {
            if (reply.is(RedisReply::Kind::error)) fail(reply.text);
          },
          Clock::now() + timeout_});
  };
  if (!options_.username.empty())
    must({"AUTH", options_.username, options_.password});
  else if (!options_.password.empty())
    must({"AUTH", options_.password});
  if (options_.db != 0) must({"SELECT", std::to_string(options_.db)});
  send({{"PING"},
        [this](RedisReply reply) {
          auto const is_error = reply.is(RedisReply::Kind::error);
          if (reply.is(RedisReply::Kind::no_answer)) return;
          // A user who may not PING is signed on all the same.
          if (is_error && !reply.text.starts_with("NOPERM")) return fail(reply.text);
          become_ready();
        },
        Clock::now() + timeout_});
}

void RedisLink::become_ready() {
  state_ = State::ready;
  connected_.store(true, std::memory_order_relaxed);
  ready_since_ = Clock::now();
  attempt_timer_.cancel();
  for (auto& command : std::exchange(waiting_, {})) send(std::move(command));
  up_();
}

// --- the end of an attempt

void RedisLink::fail(std::string const& why) {
  auto const was_ready = state_ == State::ready;
  // A connection that did not last is no reason to hurry: the next may be cut as soon.
  if (was_ready && Clock::now() - ready_since_ > longest_pause) pause_ = shortest_pause;
  connected_.store(false, std::memory_order_relaxed);
  if (auto const connection = std::exchange(connection_, nullptr)) connection->close();
  resolver_.cancel();
  auto orphans = outstanding_.take_all();
  for (auto& command : std::exchange(waiting_, {})) orphans.push_back(std::move(command.done));
  pause();

  std::weak_ptr<char> const alive = alive_;
  down_(why);
  for (auto const& done : orphans) {
    if (alive.expired()) return;
    done({});
  }
}

void RedisLink::pause() {
  ++attempts_;
  state_ = State::pausing;
  auto const most = pause_.count();
  std::uniform_int_distribution<Clock::rep> between{most / 2, most};
  attempt_timer_.expires_after(Clock::duration{between(random_)});
  pause_ = std::min<Clock::duration>(pause_ * 2, longest_pause);
  attempt_timer_.async_wait(of_this_attempt([this](auto ec) {
    if (!ec) attempt();
  }));
}

// --- what comes from the connection

void RedisLink::on_reply(RedisReply reply) {
  if (!outstanding_.answer(std::move(reply))) fail("Redis answers what nobody asked");
}

void RedisLink::on_push(RedisReply reply) {
  auto const& parts = reply.elements;
  if (parts.size() == 3 && parts[0].text == "message")
    return message_(parts[1].text, parts[2].text);
  on_reply(std::move(reply));
}

void RedisLink::on_end(std::string why) {
  if (state_ == State::connecting && !endpoints_.empty()) {
    outstanding_.take_all();  // the signing on
    return open_next(std::move(why));
  }
  fail(why.empty() ? "Redis closed the connection" : why);
}

}  // namespace pushlab::server

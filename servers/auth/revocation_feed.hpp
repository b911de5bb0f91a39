#pragma once
#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>

#include "servers/auth/redis_link.hpp"

namespace pushlab::server {

// What Redis says of its own accord: messages on the revocation channel, and, where the server
// tells keyspace events, what happens to each key that we care for. Has a connection of its own for
// as long as it lives, so that the first session that is watched does not have to wait for one.
class RevocationFeed {
 public:
  struct Listener {
    std::function<void(std::string const& message)> on_order;
    std::function<void(std::string const& key, std::string const& event)> on_key_event;
    std::function<void(std::string const& key)> on_heard;  // whatever happens to it is told now
    std::function<void()> on_listening;                    // from nothing: name the keys again
  };

  RevocationFeed(boost::asio::io_context& io, RedisOptions const& options, Listener listener);

  // A key may be added when this is true; else nothing will be told of it.
  bool hears_keys() const { return is_listening_ && tells_keys_; }
  void add(std::string const& key);
  void remove(std::string const& key);

 private:
  enum class Place { queued, subscribed };

  void begin();
  void understand(RedisReply const& events);
  void pump();
  void on_message(std::string const& channel, std::string const& text);
  void on_down(std::string const& why);

  std::string const channel_, key_prefix_;
  Listener listener_;
  bool tells_keys_ = false;
  bool may_hear_keys_ = true;
  bool is_listening_ = false;  // on the revocation channel
  bool is_subscribing_ = false;
  std::unordered_map<std::string, Place> keys_;  // on this connection
  std::deque<std::string> queue_;
  RedisLink link_;
};

}  // namespace pushlab::server

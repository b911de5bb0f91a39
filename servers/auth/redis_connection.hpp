#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <string>
#include <vector>

#include "servers/auth/redis_reply.hpp"

struct redisAsyncContext;  // hiredis

namespace pushlab::server {

// One connection to Redis, from its beginning to its end: hiredis speaks the protocol, asio waits.
// Nothing here blocks. One thread.
class RedisConnection : public std::enable_shared_from_this<RedisConnection> {
 public:
  // Called from close() never, and never again after it or on_end(). Each may call close().
  class Owner {
   public:
    virtual void on_reply(RedisReply reply) = 0;  // to a command, in their order
    virtual void on_push(RedisReply reply) = 0;   // to SUBSCRIBE, UNSUBSCRIBE, and messages
    virtual void on_end(std::string why) = 0;

   protected:
    ~Owner() = default;
  };

  explicit RedisConnection(boost::asio::io_context& io) : descriptor_(io) {}
  ~RedisConnection();

  // False, with the reason in `why`, when it fails at once. What is sent before the connection
  // stands waits for it.
  bool open_tcp(std::string const& ip, std::uint16_t port, Owner& owner, std::string& why);
  bool open_unix(std::string const& path, Owner& owner, std::string& why);

  // Every word reaches Redis as it is, whatever its bytes.
  void send(std::vector<std::string> const& words);
  void close();

 private:
  struct Hooks;  // what hiredis calls

  bool attach(redisAsyncContext* context, Owner& owner, std::string& why);
  void wait_to_read();
  void wait_to_write();

  boost::asio::posix::stream_descriptor descriptor_;  // of hiredis' socket, which it closes itself
  redisAsyncContext* context_ = nullptr;              // freed by hiredis after Hooks::ended
  Owner* owner_ = nullptr;
  bool reading_ = false, writing_ = false;  // wanted by hiredis
  bool waits_to_read_ = false, waits_to_write_ = false;
};

}  // namespace pushlab::server

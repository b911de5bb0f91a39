#pragma once
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct redisContext;

namespace pushlab::test {

// A real redis-server on a free port of 127.0.0.1 and on a Unix socket, in a folder of its own,
// with nothing kept on disk; it answers when the constructor returns. Dies with the test, whatever
// becomes of that. Throws std::runtime_error.
class RedisProcess {
 public:
  // `keyspace_events` as in redis.conf (empty: none are told); `flags` behind ours. A password
  // is set by command() later.
  explicit RedisProcess(std::string keyspace_events = "KA", std::vector<std::string> flags = {});
  ~RedisProcess();
  RedisProcess(RedisProcess const&) = delete;

  std::uint16_t port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string socket_path() const { return folder_ + "/socket"; }
  pid_t pid() const { return pid_; }

  void kill();     // at once, as in a crash; what it knew is gone
  void restart();  // on the same port, empty
  void freeze();   // the kernel still accepts connections, nobody answers
  void thaw();

  // Sends one command and waits for its answer. Texts as they are, integers in decimals, nil as
  // `(nil)`, arrays with a line for each element; an error throws.
  std::string command(std::vector<std::string> const& words);

 private:
  bool start();  // false: the port is taken
  redisContext& connection();

  std::vector<std::string> flags_;
  std::string folder_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
  std::shared_ptr<redisContext> connection_;  // of command(), opened when it is needed
};

}  // namespace pushlab::test

#include "tests/integration/redis_process.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace pushlab::test {
namespace {

TEST(RedisProcess, answers_commands_and_keeps_bytes_as_they_are) {
  RedisProcess redis;
  std::string const bytes{"a b\r\nc\0d", 8};
  EXPECT_EQ(redis.command({"SET", bytes, bytes}), "OK");
  EXPECT_EQ(redis.command({"GET", bytes}), bytes);
  EXPECT_EQ(redis.command({"STRLEN", bytes}), "8");
  EXPECT_EQ(redis.command({"GET", "a"}), "(nil)");
  EXPECT_EQ(redis.command({"MGET", bytes, "a"}), bytes + "\n(nil)\n");
  EXPECT_THROW(redis.command({"NO", "SUCH"}), std::runtime_error);
}

TEST(RedisProcess, comes_back_empty_on_the_same_port) {
  RedisProcess redis;
  auto const port = redis.port();
  redis.command({"SET", "a", "b"});
  redis.kill();
  EXPECT_THROW(redis.command({"PING"}), std::runtime_error);
  redis.restart();
  EXPECT_EQ(redis.port(), port);
  EXPECT_EQ(redis.command({"GET", "a"}), "(nil)");
}

TEST(RedisProcess, tells_keyspace_events_as_asked) {
  EXPECT_EQ(RedisProcess{}.command({"CONFIG", "GET", "notify-keyspace-events"}),
            "notify-keyspace-events\nAK\n");
  EXPECT_EQ(RedisProcess{""}.command({"CONFIG", "GET", "notify-keyspace-events"}),
            "notify-keyspace-events\n\n");
}

TEST(RedisProcess, ends_although_it_is_frozen) {
  pid_t pid = 0;
  {
    RedisProcess redis;
    pid = redis.pid();
    redis.freeze();
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

}  // namespace
}  // namespace pushlab::test

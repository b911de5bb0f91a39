#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace pushlab::server {

// What Redis said to a command, or that it said nothing in time.
struct RedisReply {
  enum class Kind { no_answer, nil, text, integer, array, error };
  Kind kind = Kind::no_answer;
  std::string text;  // of a text and of an error
  std::int64_t integer = 0;
  std::vector<RedisReply> elements;

  bool is(Kind k) const { return kind == k; }
};

}  // namespace pushlab::server

#pragma once
#include <cstdint>

namespace pushlab::server {

// What becomes of a stream whose outbox is full.
enum class Overflow : std::uint8_t {
  disconnect,  // it ends as a slow reader; the client resumes with its last event id
  conflate,    // it gets of each resource the newest event, and is told how many it missed
};

}  // namespace pushlab::server

#pragma once

#include <memory>
#include <vector>

#include "tests/conformance/engine/capture.hpp"

namespace pushlab::conformance {

// What came of many events that several publishers posted at once, each with a checksum.
struct LoadCapture {
  struct Event {
    std::size_t publisher = 0;
    std::size_t number = 0;  // of this publisher's events, from 1
    bool whole = false;      // the checksum is right
  };

  Body::End end = Body::End::open;
  std::vector<std::size_t> accepted;  // by publisher
  std::vector<Event> events;          // in the order they came
  std::vector<SseBlock> blocks;       // all that came from the first of these events to the last
  std::size_t comments = 0;           // lines among them

  std::size_t all_accepted() const;
};

// One a run, over settings().framing.load_s seconds; only for cases that run alone.
std::shared_ptr<LoadCapture const> load_capture(Endpoint& endpoint);

}  // namespace pushlab::conformance

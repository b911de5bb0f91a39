#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/conformance/engine/endpoint.hpp"

namespace pushlab::conformance {

// What became of readers that stopped reading while much was published.
struct Stall {
  struct Reader {
    std::size_t came = 0;  // of the events published, read in the end
    bool ended = false;    // by the server
    std::string signal;    // how it was told that events are missing; empty: it was not
  };

  std::size_t events = 0;
  std::size_t published_bytes = 0;
  Reader reader;  // one of them, read in the end
  bool has_ids = false;
  Reader resumed;  // the same, with what it got when it came back with its last id
  // Of the process tree: before, when half was published, and in the end; empty without a hold.
  std::vector<std::int64_t> rss_bytes;
};

// One a run; only for cases that run alone.
std::shared_ptr<Stall const> stalled_readers(Endpoint& endpoint);

}  // namespace pushlab::conformance

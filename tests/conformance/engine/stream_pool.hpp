#pragma once

#include <functional>
#include <vector>

#include "tests/conformance/wire/event_stream.hpp"

namespace pushlab::conformance {

// Many streams that one thread reads as their bytes come, so that the times of arrival are right.
class StreamPool {
 public:
  void add(EventStream stream) { streams_.push_back(std::move(stream)); }
  std::vector<EventStream>& streams() { return streams_; }
  std::size_t open() const;  // streams that have not ended

  using Enough = std::function<bool()>;
  // Reads until `enough` says so, which is asked after each arrival, or the deadline.
  bool listen(Deadline const& deadline, Enough const& enough = {});

 private:
  std::vector<EventStream> streams_;
};

}  // namespace pushlab::conformance

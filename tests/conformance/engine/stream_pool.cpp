#include "tests/conformance/engine/stream_pool.hpp"

#include <poll.h>

#include <algorithm>

namespace pushlab::conformance {
namespace {

bool is_open(EventStream const& stream) {
  return stream.body().end == Body::End::open;
}

}  // namespace

std::size_t StreamPool::open() const {
  return static_cast<std::size_t>(std::count_if(streams_.begin(), streams_.end(), is_open));
}

bool StreamPool::listen(Deadline const& deadline, Enough const& enough) {
  while (true) {
    if (enough && enough()) return true;
    std::vector<pollfd> waits;
    std::vector<EventStream*> waiting;
    for (auto& stream : streams_) {
      if (!is_open(stream)) continue;
      waits.push_back({stream.exchange().connection().descriptor(), POLLIN, 0});
      waiting.push_back(&stream);
    }
    if (waits.empty() || deadline.over()) return false;
    ::poll(waits.data(), waits.size(), deadline.left_ms());
    for (std::size_t i = 0; i < waits.size(); ++i) {
      if (waits[i].revents != 0) waiting[i]->listen(0);
    }
  }
}

}  // namespace pushlab::conformance

#pragma once
#include <cstdint>
#include <list>
#include <string_view>
#include <unordered_map>

#include "servers/event/event.hpp"

namespace pushlab::server {

// What a slow reader still has to get when not everything fits: of each resource (name and id) the
// newest event, where that one stands among the others. Bounded in bytes of frames. No I/O.
class ConflatingQueue {
 public:
  explicit ConflatingQueue(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  // False, and nothing changed, when not even the newest of each resource fit.
  bool push(EventPtr event);

  std::list<EventPtr> const& events() const { return newest_; }  // oldest first
  std::uint64_t dropped() const { return dropped_; }
  std::size_t bytes() const { return bytes_; }

 private:
  // Views into the event that stands for the resource.
  struct Resource {
    std::string_view name, id;
    friend bool operator==(Resource const&, Resource const&) = default;
  };
  struct Hash {
    std::size_t operator()(Resource const& resource) const {
      std::hash<std::string_view> const hash;
      return hash(resource.name) * 31 + hash(resource.id);
    }
  };

  std::size_t limit_bytes_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  std::list<EventPtr> newest_;
  std::unordered_map<Resource, std::list<EventPtr>::iterator, Hash> by_resource_;
};

}  // namespace pushlab::server

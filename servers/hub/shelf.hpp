#pragma once
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "servers/event/event.hpp"

namespace pushlab::server {

class Shelves;
struct Shelf;

// An event on its shelf, and its place in the order of all kept events.
struct Kept {
  EventPtr event;
  std::list<Shelf*>::iterator place;
};

// The kept events of one name, or of one user's account.
struct Shelf {
  std::string key;
  Shelves* home;
  std::uint64_t evicted_through;  // what came up to here may be gone, what came later is here
  std::list<Kept> events = {};    // oldest first
  std::size_t bytes = 0;
  std::uint64_t last_seq = 0;
};

// Shelves by key. One that lost its last event is remembered, so that who had seen all of it is
// told so; but not more than `max_emptied` of them: then the one that has been quiet longest is
// forgotten, and from then on every key that has no shelf may have lost what came up to the floor.
class Shelves {
 public:
  explicit Shelves(std::size_t max_emptied) : max_emptied_(max_emptied) {}
  Shelves(Shelves const&) = delete;

  // The shelf for a new event: the newest in `by_change()` from now on.
  Shelf& put(std::string_view key, std::uint64_t seq);

  // It has no event any more. Valid until forget_some().
  void emptied(Shelf& shelf);
  void forget_some();

  Shelf const* find(std::string_view key) const;
  std::uint64_t floor() const { return floor_; }

  // In the order of their last event.
  std::list<Shelf> const& by_change() const { return shelves_; }

  // No floor will rise above this before `max_emptied` more shelves lost their last event.
  std::uint64_t floor_to_come() const;

 private:
  std::size_t max_emptied_;
  std::list<Shelf> shelves_;
  std::unordered_map<std::string_view, std::list<Shelf>::iterator> by_key_;
  std::map<std::uint64_t, Shelf*> emptied_;  // by their last event
  std::size_t emptied_bytes_ = 0;            // of their keys
  std::uint64_t floor_ = 0;
};

}  // namespace pushlab::server

#pragma once
#include <cstdint>
#include <list>
#include <optional>
#include <vector>

#include "servers/event/event.hpp"
#include "servers/hub/hub_options.hpp"
#include "servers/hub/shelf.hpp"
#include "servers/hub/visibility.hpp"

namespace pushlab::server {

// The newest events, on a shelf for each name, and for each user's account, so that a noisy one
// takes no room from a quiet one: what goes first is the oldest of a shelf above its bound, then
// the oldest of all. There are no more shelves than events and `emptied` of each kind. Belongs to
// one loop's thread.
class History {
 public:
  explicit History(HubOptions const& options);

  // REQUIRES: seq is last_seq() + 1.
  void append(EventPtr event);

  std::uint64_t last_seq() const { return last_seq_; }

  // What the viewer may see of the events after `seq`, oldest first. Nothing when `seq` is not
  // known yet, or when a shelf that the viewer may see lost some of them, or may have: below the
  // floor a key that has no shelf, and one that got its shelf later, counts as lost.
  std::optional<std::vector<EventPtr>> missed(std::uint64_t seq, Viewer const& viewer) const;

  // Whether a client that is told for long that nothing happened can keep this as its cursor: no
  // floor will reach it before many more shelves lost their last event.
  bool is_fresh(std::uint64_t seq) const {
    return seq >= names_.floor_to_come() && seq >= accounts_.floor_to_come();
  }

  std::size_t size() const { return order_.size(); }
  std::size_t bytes() const { return bytes_; }
  std::size_t shelves() const { return names_.by_change().size() + accounts_.by_change().size(); }

 private:
  void evict_oldest_of(Shelf& shelf);

  HubOptions const& options_;
  HistoryLimits limits_;
  Visibility visibility_;
  Shelves names_;
  Shelves accounts_;
  std::list<Shelf*> order_;  // the shelves of all kept events, oldest event first
  std::size_t bytes_ = 0;
  std::uint64_t last_seq_ = 0;
};

}  // namespace pushlab::server

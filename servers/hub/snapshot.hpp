#pragma once
#include <chrono>
#include <deque>
#include <functional>
#include <list>
#include <string>
#include <unordered_map>

#include "servers/event/event.hpp"
#include "servers/event/event_id.hpp"
#include "servers/hub/visibility.hpp"

namespace pushlab::server {

struct SnapshotLimits {
  std::size_t resources = 10'000;
  std::size_t bytes = 64U << 20;
  std::size_t waiting = 10'000;  // events that are not visible yet; they have `bytes` of their own
};

// The current state: the newest notification of every resource (name and id), bounded by forgetting
// the resource that has been quiet longest. With a delay it is the state as it was that long ago,
// as of a database's replica; when more events wait than may, the oldest is visible early. Belongs
// to one loop's thread.
class Snapshot {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Clock = std::function<Time()>;  // not read when there is no delay

  explicit Snapshot(HubOptions const& options, SnapshotLimits limits = {},
                    Clock clock = std::chrono::steady_clock::now)
      : delay_(options.snapshot_delay),
        visibility_(options),
        limits_(limits),
        clock_(std::move(clock)) {}

  void apply(EventPtr event);  // type "delete" removes the resource

  // `{"cursor":"<cursor>","state":[<body>,...]}` of what the viewer may see, oldest change first.
  std::string json(Viewer const& viewer, std::uint32_t epoch);

  // The newest visible event: after json() the last one that it took into account.
  std::uint64_t seq() const { return seq_; }

  std::size_t resources() const { return newest_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Waiting {
    Time until;
    EventPtr event;
  };

  std::string resource_of(Notification const& notification) const;
  void show_due(Time now);
  void show_next();
  void show(EventPtr const& event);
  void forget(std::string const& resource);

  std::chrono::milliseconds delay_;
  Visibility visibility_;
  SnapshotLimits limits_;
  Clock clock_;
  std::deque<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::list<EventPtr> newest_;  // in the order of their last change
  std::unordered_map<std::string, std::list<EventPtr>::iterator> by_resource_;
  std::size_t bytes_ = 0;
  std::uint64_t seq_ = 0;
};

}  // namespace pushlab::server

#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pushlab::server {

// A connection's place in its loop's tables; small numbers, used again after a connection ended.
using Slot = std::uint32_t;

// What one client asked for with `?events=`.
struct Subscription {
  std::vector<std::string> names;  // each once
  bool all = false;                // `*`

  bool covers(std::string_view name) const;
  friend bool operator==(Subscription const&, Subscription const&) = default;
};

constexpr std::size_t max_subscribed_names = 100;

// `a,b` and `*`, percent-encoded; may be called once for each `events` parameter. Stops at the
// first name above the limit: whoever refuses the subscription need not read on, and a long list
// would hold up the loop.
void add_names(Subscription& subscription, std::string_view events_parameter);

// Who listens to which name, on one loop. A slot is found without a search over its fellows:
// adding, removing and looking up cost the same with ten subscribers and with ten thousand.
class Subscriptions {
 public:
  void add(Slot slot, Subscription const& subscription);
  void remove(Slot slot);

  // The subscribers of a notification's name: those who named it, and those who asked for all.
  // No slot is in both. Valid until the next add or remove.
  std::span<Slot const> of(std::string_view name) const;
  std::span<Slot const> all() const { return all_.slots; }

  std::size_t names() const { return topics_.size(); }

 private:
  struct Topic {
    std::string name;
    std::vector<Slot> slots;
  };
  struct Membership {
    Topic* topic;
    std::uint32_t position;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  void join(Slot slot, Topic& topic);
  void leave(Membership const& membership);

  std::unordered_map<std::string, std::unique_ptr<Topic>, Hash, std::equal_to<>> topics_;
  Topic all_;
  std::vector<std::vector<Membership>> memberships_;  // by slot
};

}  // namespace pushlab::server

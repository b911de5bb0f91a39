#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "servers/hub/hub_options.hpp"

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
void add_names(Subscription& subscription, std::string_view events_parameter,
               std::size_t max_names = max_subscribed_names);

struct Viewer;

// Slots that get the same. Which kind it is of, its home says; a crowd has none.
struct Group {
  using Home = std::unordered_map<std::string_view, std::unique_ptr<Group>>;
  std::string key;
  Home* home = nullptr;
  std::vector<Slot> slots = {};
};

// Those who asked for all and have the same rights: the rules are asked once for all of them.
struct Crowd : Group {
  Audience audience;
};

// Who listens to what, on one loop. A slot is found without a search over its fellows: adding,
// removing and looking up cost the same with ten subscribers and with ten thousand. What is
// returned is valid until the next add or remove.
class Subscriptions {
 public:
  explicit Subscriptions(HubOptions const& options) : options_(options) {}
  Subscriptions(Subscriptions const&) = delete;

  void add(Slot slot, Viewer const& viewer);  // REQUIRES: new, or removed since
  void remove(Slot slot);

  // The subscribers of a notification's name: those who named it, and the crowds of those who
  // asked for all. No slot is in both.
  std::span<Slot const> of(std::string_view name) const { return slots_of(names_, name); }
  std::span<std::unique_ptr<Crowd> const> crowds() const { return crowds_; }

  // The connections of one user, and those that go by one id: none unless origins are left out.
  std::span<Slot const> of_user(std::string_view user) const { return slots_of(users_, user); }
  std::span<Slot const> of_connection(std::string_view id) const {
    return slots_of(connections_, id);
  }

  std::size_t groups() const {
    return names_.size() + users_.size() + connections_.size() + crowds_.size();
  }

 private:
  struct Membership {
    Group* group;
    std::uint32_t position;
  };

  static std::span<Slot const> slots_of(Group::Home const& home, std::string_view key);
  Group& crowd_of(Audience const& audience);
  void join(Slot slot, Group::Home& home, std::string_view key);
  void join(Slot slot, Group& group);
  void leave(Membership const& membership);
  void dissolve(Group const& group);

  HubOptions const& options_;
  Group::Home names_, users_, connections_;
  std::vector<std::unique_ptr<Crowd>> crowds_;        // in the order of their audiences
  std::vector<std::vector<Membership>> memberships_;  // by slot
};

}  // namespace pushlab::server

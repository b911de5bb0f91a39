#include <algorithm>
#include <map>
#include <random>
#include <span>

#include "tests/unit/servers/hub_fixture.hpp"

namespace pushlab::server {
namespace {

using Numbers = std::vector<std::uint64_t>;
using Who = AccessRules::Rule::Who;

bool has(std::vector<std::string> const& texts, std::string const& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

// Keeps every event for ever, and knows by plain counting which of them the limits evict.
class Oracle {
 public:
  explicit Oracle(HistoryLimits limits) : limits_(limits) {}

  void append(EventPtr const& event) {
    all_.push_back(event);
    kept_.push_back(event);
    auto const key = key_of(event);
    emptied_.erase(key);
    auto const of_key = [&](EventPtr const& one) { return key_of(one) == key; };
    auto const of_any = [](EventPtr const&) { return true; };
    while (count(of_key) > limits_.name_events || bytes(of_key) > limits_.name_bytes)
      evict_first(of_key);
    while (count(of_any) > limits_.events || bytes(of_any) > limits_.bytes) evict_first(of_any);
    for (auto const of_accounts : {false, true}) forget(of_accounts);
  }

  Numbers missed(std::uint64_t seq, Viewer const& viewer) const {
    Numbers numbers;
    for (auto const& event : std::span{all_}.subspan(seq)) {
      auto const& origin = event->notification.origin;
      if (may_see(viewer, key_of(event)) && (origin.empty() || origin != viewer.connection))
        numbers.push_back(event->seq);
    }
    return numbers;
  }

  bool has_lost(std::uint64_t seq, Viewer const& viewer) const {
    return std::any_of(evicted_.begin(), evicted_.end(), [&](auto const& one) {
      return one.second > seq && may_see(viewer, one.first);
    });
  }

  // The documented case: names, or accounts, were forgotten since, and one of them may be meant.
  bool may_have_lost(std::uint64_t seq, Viewer const& viewer) const {
    auto const looks_at_names = viewer.subscription.all || !viewer.subscription.names.empty();
    auto const looks_at_accounts = !viewer.user.empty() || may_see(viewer, {"user", "anybody"});
    return (looks_at_names && seq < floor_[0]) || (looks_at_accounts && seq < floor_[1]);
  }

 private:
  using Key = std::pair<std::string, std::string>;  // a name, or "user" and whose account

  static Key key_of(EventPtr const& event) {
    auto const& n = event->notification;
    return {n.name, n.name == "user" ? n.id_text : ""};
  }

  static bool may_see(Viewer const& viewer, Key const& key) {
    auto const& [name, user] = key;
    if (name == "user" && user == viewer.user) return true;
    if (!viewer.subscription.all && !has(viewer.subscription.names, name)) return false;
    if (name == "public") return true;
    if (name == "staff") return has(viewer.audience.roles, "staff");
    if (name == "user") return has(viewer.audience.roles, "admin");
    return name != "locked" && viewer.audience.authenticated;
  }

  std::size_t count(auto const& fits) const {
    return static_cast<std::size_t>(std::count_if(kept_.begin(), kept_.end(), fits));
  }

  std::size_t bytes(auto const& fits) const {
    std::size_t sum = 0;
    for (auto const& one : kept_) sum += fits(one) ? one->bytes() : 0;
    return sum;
  }

  void evict_first(auto const& fits) {
    auto const oldest = std::find_if(kept_.begin(), kept_.end(), fits);
    auto const key = key_of(*oldest);
    evicted_[key] = (*oldest)->seq;
    kept_.erase(oldest);
    if (count([&](EventPtr const& one) { return key_of(one) == key; }) == 0)
      emptied_[key] = evicted_[key];
  }

  void forget(bool of_accounts) {
    auto const is_meant = [&](auto const& one) {
      return (one.first.first == "user") == of_accounts;
    };
    while (std::count_if(emptied_.begin(), emptied_.end(), is_meant) >
           static_cast<std::ptrdiff_t>(limits_.emptied)) {
      auto oldest = emptied_.end();
      for (auto at = emptied_.begin(); at != emptied_.end(); ++at)
        if (is_meant(*at) && (oldest == emptied_.end() || at->second < oldest->second)) oldest = at;
      floor_[of_accounts] = std::max(floor_[of_accounts], oldest->second);
      emptied_.erase(oldest);
    }
  }

  HistoryLimits limits_;
  std::vector<EventPtr> all_, kept_;
  std::map<Key, std::uint64_t> evicted_, emptied_;
  std::uint64_t floor_[2] = {0, 0};
};

struct HistoryProperty : HubTest, ::testing::WithParamInterface<std::size_t> {
  HistoryProperty() {
    options.leave_out_origin = true;
    options.rules = AccessRules{{{"public", Who::everybody},
                                 {"staff", Who::roles, {"staff"}},
                                 {"user", Who::roles, {"admin"}},
                                 {"locked", Who::roles, {}}}};
    auto const about = event(1)->bytes() + 10;
    options.history = {.events = 40,
                       .bytes = 35 * about,
                       .name_events = 8,
                       .name_bytes = 7 * about,
                       .emptied = GetParam()};
  }

  std::size_t any(std::size_t below) { return random() % below; }

  EventPtr any_event() {
    auto const& name = names[any(names.size())];
    auto const number = std::to_string(any(12));
    auto made =
        std::make_shared<Event>(*event(++seq, name + (name == "n" ? std::to_string(any(30)) : ""),
                                       any(2) == 0 ? number : '"' + number + '"'));
    if (any(3) == 0) made->notification.origin = "c" + std::to_string(any(3));
    if (any(20) == 0) made->frame.resize(any(10) * made->bytes());
    return made;
  }

  Viewer any_viewer() {
    Viewer made;
    made.subscription.all = any(3) == 0;
    for (auto const* name : {"public", "staff", "user", "locked", "n7", "n8"})
      if (any(3) == 0) made.subscription.names.emplace_back(name);
    if (any(3) != 0) {
      made.audience.authenticated = true;
      made.user = std::to_string(any(12));
      for (auto const* role : {"admin", "staff"})
        if (any(3) == 0) made.audience.roles.emplace_back(role);
    }
    made.connection = "c" + std::to_string(any(3));
    return made;
  }

  std::mt19937 random{1};
  std::vector<std::string> const names{"public", "public", "staff", "user", "user", "locked", "n"};
};

// However many names and accounts are remembered, nothing is lost in silence, comes twice or is
// shown to who may not see it; with enough of them, a reset comes exactly when it must.
TEST_P(HistoryProperty, a_resume_agrees_with_an_oracle_that_keeps_everything) {
  Oracle oracle{options.history};
  int resets = 0, floors = 0, full = 0;
  for (int step = 0; step < 2000; ++step) {
    auto const made = any_event();
    oracle.append(made);
    hub().publish(made);
    hub().run_turn();
    for (int i = 0; i < 6; ++i) {
      auto who = any_viewer();
      std::uint64_t const cursor = seq - std::min<std::uint64_t>(seq, any(80));
      auto const resume = hub().resume(to_string(EventId{epoch, cursor}), who);
      if (resume.reset) {
        auto const must = oracle.has_lost(cursor, who);
        ASSERT_TRUE(must || oracle.may_have_lost(cursor, who)) << "step " << step;
        must ? ++resets : ++floors;
        ASSERT_TRUE(resume.missed.empty());
        continue;
      }
      ASSERT_FALSE(oracle.has_lost(cursor, who)) << "step " << step;
      ASSERT_EQ(numbers_of(resume.missed), oracle.missed(cursor, who)) << "step " << step;
      for (auto const& event : resume.missed) ASSERT_TRUE(hub().sees(who, event->notification));
      full += !resume.missed.empty();
    }
  }
  EXPECT_GT(resets, 1000);
  EXPECT_GT(full, 1000);
  EXPECT_EQ(floors > 0, GetParam() < 100) << floors;
}

INSTANTIATE_TEST_SUITE_P(RememberedNames, HistoryProperty, ::testing::Values(0, 2, 1000));

}  // namespace
}  // namespace pushlab::server

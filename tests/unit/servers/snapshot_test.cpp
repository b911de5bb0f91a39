#include "servers/hub/snapshot.hpp"

#include "tests/unit/servers/events.hpp"

namespace pushlab::server {
namespace {

Subscription const everything{{}, true};
EventId const cursor{0xAB, 9};

std::string state(std::vector<EventPtr> const& newest) {
  std::string text = R"({"cursor":"ab-9","state":[)";
  for (auto const& one : newest) {
    if (one != newest.front()) text += ',';
    text += one->notification.body;
  }
  return text + "]}";
}

TEST(Snapshot, is_a_cursor_and_an_empty_list_at_first) {
  EXPECT_EQ(Snapshot{}.json(everything, cursor), R"({"cursor":"ab-9","state":[]})");
}

TEST(Snapshot, has_the_newest_of_each_resource_in_the_order_of_change) {
  Snapshot snapshot;
  auto const first = event(1, "a", "1", "create"), second = event(2, "a", "2", "create"),
             third = event(3, "a", "1", "update");
  for (auto const& one : {first, second, third}) snapshot.apply(one);
  EXPECT_EQ(snapshot.json(everything, cursor), state({second, third}));
}

TEST(Snapshot, tells_resources_apart_by_name_and_by_the_kind_of_id) {
  Snapshot snapshot;
  snapshot.apply(event(1, "a", "1"));
  snapshot.apply(event(2, "b", "1"));
  snapshot.apply(event(3, "a", "\"1\""));
  EXPECT_EQ(snapshot.resources(), 3U);
}

TEST(Snapshot, forgets_a_deleted_resource) {
  Snapshot snapshot;
  snapshot.apply(event(1, "a", "1"));
  snapshot.apply(event(2, "a", "1", "delete"));
  snapshot.apply(event(3, "a", "2", "delete"));
  EXPECT_EQ(snapshot.resources(), 0U);
}

TEST(Snapshot, shows_the_subscribed_names_only) {
  Snapshot snapshot;
  auto const mine = event(2, "b");
  snapshot.apply(event(1, "a"));
  snapshot.apply(mine);
  EXPECT_EQ(snapshot.json({{"b"}, false}, cursor), state({mine}));
  EXPECT_EQ(snapshot.json({}, cursor), state({}));
}

TEST(Snapshot, forgets_the_resource_that_was_quiet_longest_when_full) {
  Snapshot snapshot{2};
  auto const one = event(1, "a", "1"), two = event(2, "a", "2"), one_again = event(3, "a", "1"),
             three = event(4, "a", "3");
  for (auto const& each : {one, two, one_again, three}) snapshot.apply(each);
  EXPECT_EQ(snapshot.json(everything, cursor), state({one_again, three}));
  snapshot.apply(event(5, "a", "3", "delete"));
  EXPECT_EQ(snapshot.resources(), 1U);
}

}  // namespace
}  // namespace pushlab::server

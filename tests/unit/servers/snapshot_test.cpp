#include "servers/hub/snapshot.hpp"

#include "tests/unit/servers/hub_fixture.hpp"

namespace pushlab::server {
namespace {

HubOptions const options;
Viewer const everything = viewer("*");
std::uint32_t const epoch = 0xAB;

std::string state(std::uint64_t seq, std::vector<EventPtr> const& newest) {
  std::string text = R"({"cursor":"ab-)" + std::to_string(seq) + R"(","state":[)";
  for (auto const& one : newest) {
    if (one != newest.front()) text += ',';
    text += one->notification.body;
  }
  return text + "]}";
}

TEST(Snapshot, is_a_cursor_and_an_empty_list_at_first) {
  EXPECT_EQ(Snapshot{options}.json(everything, epoch), R"({"cursor":"ab-0","state":[]})");
}

TEST(Snapshot, has_the_newest_of_each_resource_in_the_order_of_change) {
  Snapshot snapshot{options};
  auto const first = event(1, "a", "1", "create"), second = event(2, "a", "2", "create"),
             third = event(3, "a", "1", "update");
  for (auto const& one : {first, second, third}) snapshot.apply(one);
  EXPECT_EQ(snapshot.json(everything, epoch), state(3, {second, third}));
}

TEST(Snapshot, tells_resources_apart_by_name_and_by_the_kind_of_id) {
  Snapshot snapshot{options};
  snapshot.apply(event(1, "a", "1"));
  snapshot.apply(event(2, "b", "1"));
  snapshot.apply(event(3, "a", "\"1\""));
  EXPECT_EQ(snapshot.resources(), 3U);
}

TEST(Snapshot, has_an_account_once_however_its_id_is_written) {
  Snapshot snapshot{options};
  snapshot.apply(event(1, "user", "1"));
  snapshot.apply(event(2, "user", "\"1\""));
  EXPECT_EQ(snapshot.resources(), 1U);
}

TEST(Snapshot, forgets_a_deleted_resource) {
  Snapshot snapshot{options};
  snapshot.apply(event(1, "a", "1"));
  snapshot.apply(event(2, "a", "1", "delete"));
  snapshot.apply(event(3, "a", "2", "delete"));
  EXPECT_EQ(snapshot.resources(), 0U);
  EXPECT_EQ(snapshot.bytes(), 0U);
}

TEST(Snapshot, shows_the_subscribed_names_only_and_the_cursor_of_all) {
  Snapshot snapshot{options};
  auto const mine = event(1, "b");
  snapshot.apply(mine);
  snapshot.apply(event(2, "a"));
  EXPECT_EQ(snapshot.json(viewer("b"), epoch), state(2, {mine}));
  EXPECT_EQ(snapshot.json({}, epoch), state(2, {}));
}

TEST(Snapshot, has_the_whole_body_of_what_was_forwarded_without_data) {
  Snapshot snapshot{options};
  auto made = std::make_shared<Event>(*event(1));
  made->notification.without_data = "{}";
  snapshot.apply(made);
  EXPECT_EQ(snapshot.json(everything, epoch), state(1, {event(1)}));
}

TEST(Snapshot, forgets_the_resource_that_was_quiet_longest_when_there_are_too_many) {
  Snapshot snapshot{options, {.resources = 2}};
  auto const one = event(1, "a", "1"), two = event(2, "a", "2"), one_again = event(3, "a", "1"),
             three = event(4, "a", "3");
  for (auto const& each : {one, two, one_again, three}) snapshot.apply(each);
  EXPECT_EQ(snapshot.json(everything, epoch), state(4, {one_again, three}));
  snapshot.apply(event(5, "a", "3", "delete"));
  EXPECT_EQ(snapshot.resources(), 1U);
}

TEST(Snapshot, forgets_the_resource_that_was_quiet_longest_when_they_are_too_large) {
  auto const one = event(1)->bytes();
  Snapshot snapshot{options, {.bytes = 3 * one + one / 2}};
  for (std::uint64_t seq = 1; seq <= 9; ++seq) {
    snapshot.apply(event(seq, "a", std::to_string(seq)));
    EXPECT_LE(snapshot.bytes(), 3 * one + one / 2);
  }
  EXPECT_EQ(snapshot.json(everything, epoch),
            state(9, {event(7, "a", "7"), event(8, "a", "8"), event(9, "a", "9")}));
}

TEST(Snapshot, a_state_above_the_bytes_is_forgotten_alone) {
  auto const one = event(1)->bytes();
  Snapshot snapshot{options, {.bytes = 3 * one}};
  auto large = std::make_shared<Event>(*event(3, "a", "1"));
  large->frame.resize(3 * one);
  snapshot.apply(event(1, "a", "1"));
  snapshot.apply(event(2, "a", "2"));
  snapshot.apply(large);
  EXPECT_EQ(snapshot.json(everything, epoch), state(3, {event(2, "a", "2")}));
}

// With a delay.

struct DelayedSnapshot : ::testing::Test {
  using ms = std::chrono::milliseconds;

  Snapshot made(SnapshotLimits limits = {}) {
    return Snapshot{delayed, limits, [this] {
                      ++readings;
                      return now;
                    }};
  }
  HubOptions const delayed{.snapshot_delay = ms{100}};
  Snapshot::Time now{};
  int readings = 0;
};

TEST_F(DelayedSnapshot, shows_an_event_and_its_cursor_that_much_later_and_no_sooner) {
  auto snapshot = made();
  auto const one = event(1, "a", "1"), two = event(2, "a", "2");
  snapshot.apply(one);
  now += ms{60};
  snapshot.apply(two);
  now += ms{39};
  EXPECT_EQ(snapshot.json(everything, epoch), state(0, {}));
  now += ms{1};
  EXPECT_EQ(snapshot.json(everything, epoch), state(1, {one}));
  EXPECT_EQ(snapshot.seq(), 1U);
  now += ms{60};
  EXPECT_EQ(snapshot.json(everything, epoch), state(2, {one, two}));
}

TEST_F(DelayedSnapshot, shows_the_old_state_until_the_change_is_visible) {
  auto snapshot = made();
  auto const old = event(1, "a", "1");
  snapshot.apply(old);
  now += ms{100};
  snapshot.apply(event(2, "a", "1", "delete"));
  EXPECT_EQ(snapshot.json(everything, epoch), state(1, {old}));
  now += ms{100};
  EXPECT_EQ(snapshot.json(everything, epoch), state(2, {}));
}

TEST_F(DelayedSnapshot, the_cursor_between_two_events_stays_that_of_the_answer) {
  auto snapshot = made();
  snapshot.apply(event(1));
  snapshot.json(everything, epoch);
  now += ms{100};
  EXPECT_EQ(snapshot.seq(), 0U) << "nobody has been shown more";
}

TEST_F(DelayedSnapshot, shows_the_oldest_early_when_more_wait_than_may) {
  auto snapshot = made({.waiting = 2});
  for (std::uint64_t seq = 1; seq <= 5; ++seq) snapshot.apply(event(seq, "a", std::to_string(seq)));
  snapshot.json(everything, epoch);
  EXPECT_EQ(snapshot.seq(), 3U);
  auto large = made({.bytes = 2 * event(1)->bytes()});
  for (std::uint64_t seq = 1; seq <= 5; ++seq) large.apply(event(seq, "a", "1"));
  large.json(everything, epoch);
  EXPECT_EQ(large.seq(), 3U);
}

TEST_F(DelayedSnapshot, events_do_not_wait_for_somebody_to_ask) {
  auto snapshot = made();
  snapshot.apply(event(1, "a", "1"));
  now += ms{100};
  snapshot.apply(event(2, "a", "2"));
  EXPECT_EQ(snapshot.resources(), 1U);
}

TEST_F(DelayedSnapshot, without_a_delay_no_clock_is_read) {
  Snapshot snapshot{options, {}, [this] {
                      ++readings;
                      return now;
                    }};
  snapshot.apply(event(1));
  snapshot.json(everything, epoch);
  EXPECT_EQ(readings, 0);
  EXPECT_EQ(snapshot.seq(), 1U);
}

}  // namespace
}  // namespace pushlab::server

#include "servers/hub/hub.hpp"

#include <map>
#include <set>

#include "tests/unit/servers/hub_fixture.hpp"

namespace pushlab::server {
namespace {

TEST_F(HubTest, asks_for_one_turn_however_many_events_come_before_it) {
  EXPECT_TRUE(hub().publish(event(1)));
  EXPECT_FALSE(hub().publish(event(2)));
  hub().run_turn();
  EXPECT_TRUE(hub().publish(event(3)));
}

TEST_F(HubTest, an_event_reaches_who_named_it_and_who_asked_for_all) {
  subscribe(0, "a");
  subscribe(1, "b");
  subscribe(2, "*");
  subscribe(3, "");
  publish({"a"});
  hub().run_turn();
  EXPECT_EQ(delivery.bytes, (std::map<Slot, std::string>{{0, "<1>"}, {2, "<1>"}}));
}

TEST_F(HubTest, delivers_nothing_before_its_turn_and_nothing_twice) {
  subscribe(0, "a");
  publish({"a"});
  EXPECT_EQ(delivery.calls, 0);
  hub().run_turn();
  hub().run_turn();
  EXPECT_EQ(delivery.writes[0], 1);
}

TEST_F(HubTest, events_of_one_turn_reach_a_subscriber_in_one_write_in_order) {
  subscribe(0, "a,b");
  subscribe(1, "b");
  subscribe(2, "*");
  subscribe(3, "c");
  publish({"a", "b", "a", "d"});
  hub().run_turn();
  EXPECT_EQ(delivery.bytes,
            (std::map<Slot, std::string>{{0, "<1><2><3>"}, {1, "<2>"}, {2, "<1><2><3><4>"}}));
  for (auto const& [slot, writes] : delivery.writes) EXPECT_EQ(writes, 1) << "slot " << slot;
  EXPECT_EQ(delivery.numbers[0], (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST_F(HubTest, subscribers_of_the_same_events_share_one_joined_frame) {
  for (Slot slot = 0; slot < 100; ++slot) subscribe(slot, slot % 2 == 0 ? "a" : "b");
  publish({"a", "b", "a", "b"});
  hub().run_turn();
  EXPECT_EQ(encoder.joins, 2);
  EXPECT_EQ(delivery.bytes[10], "<1><3>");
  EXPECT_EQ(delivery.bytes[11], "<2><4>");
}

TEST_F(HubTest, one_event_for_a_subscriber_is_its_frame_without_a_copy) {
  subscribe(0, "a");
  publish({"a", "b"});
  hub().run_turn();
  EXPECT_EQ(encoder.joins, 0);
  EXPECT_EQ(delivery.bytes[0], "<1>");
}

TEST_F(HubTest, a_turn_of_more_events_than_a_mask_has_bits_loses_none) {
  subscribe(0, "a");
  subscribe(1, "*");
  std::string expected;
  for (int i = 0; i < 150; ++i) {
    publish({"a"});
    expected += "<" + std::to_string(i + 1) + ">";
  }
  hub().run_turn();
  EXPECT_EQ(delivery.bytes[0], expected);
  EXPECT_EQ(delivery.bytes[1], expected);
  EXPECT_EQ(delivery.writes[0], 3);
}

TEST_F(HubTest, the_first_subscriber_of_a_walk_is_not_always_the_same) {
  for (Slot slot = 0; slot < 10; ++slot) subscribe(slot, "a");
  std::set<Slot> firsts;
  for (int i = 0; i < 100; ++i) {
    delivery.order.clear();
    publish({"a"});
    hub().run_turn();
    ASSERT_EQ(std::set<Slot>(delivery.order.begin(), delivery.order.end()).size(), 10U);
    firsts.insert(delivery.order.front());
  }
  EXPECT_GE(firsts.size(), 8U);
}

TEST_F(HubTest, the_first_subscriber_of_a_turn_of_many_events_is_not_always_the_same) {
  for (Slot slot = 0; slot < 10; ++slot) subscribe(slot, "a");
  std::set<Slot> firsts;
  for (int i = 0; i < 100; ++i) {
    delivery.order.clear();
    publish({"a", "a"});
    hub().run_turn();
    ASSERT_EQ(std::set<Slot>(delivery.order.begin(), delivery.order.end()).size(), 10U);
    firsts.insert(delivery.order.front());
  }
  EXPECT_GE(firsts.size(), 8U);
}

TEST_F(HubTest, a_slot_that_left_gets_nothing_of_the_pending_turn) {
  subscribe(0, "a");
  subscribe(1, "a");
  publish({"a", "a"});
  hub().remove(0);
  hub().run_turn();
  EXPECT_EQ(delivery.bytes, (std::map<Slot, std::string>{{1, "<1><2>"}}));
}

TEST_F(HubTest, who_asks_for_no_cursor_starts_now) {
  publish({"a", "a"});
  hub().run_turn();
  auto const resume = hub().resume(std::nullopt, everything);
  EXPECT_FALSE(resume.reset);
  EXPECT_EQ(resume.from, (EventId{epoch, 2}));
  EXPECT_TRUE(resume.missed.empty());
}

TEST_F(HubTest, resumes_with_exactly_what_was_missed_and_subscribed) {
  publish({"a", "b", "a", "b", "a"});
  hub().run_turn();
  auto const resume = hub().resume("e1-1", viewer("a"));
  EXPECT_FALSE(resume.reset);
  EXPECT_EQ(resume.from, (EventId{epoch, 1}));
  EXPECT_EQ(numbers_of(resume.missed), (std::vector<std::uint64_t>{3, 5}));
}

TEST_F(HubTest, resumes_from_the_place_before_the_first_event) {
  publish({"a"});
  hub().run_turn();
  EXPECT_EQ(numbers_of(hub().resume("e1-0", everything).missed), (std::vector<std::uint64_t>{1}));
}

TEST_F(HubTest, resets_a_cursor_that_is_malformed_stale_or_ahead) {
  publish({"a"});
  hub().run_turn();
  for (auto const* cursor : {"", "nonsense", "e1", "E1-1", "e2-1", "e1-2", "e1--1"}) {
    auto const resume = hub().resume(cursor, everything);
    EXPECT_TRUE(resume.reset) << cursor;
    EXPECT_EQ(resume.from, hub().now()) << cursor;
    EXPECT_TRUE(resume.missed.empty()) << cursor;
  }
}

TEST_F(HubTest, resets_a_cursor_whose_events_were_evicted_but_not_the_oldest_kept) {
  for (int i = 0; i < 120; ++i) publish({"a"});
  hub().run_turn();
  EXPECT_TRUE(hub().resume("e1-19", everything).reset);
  auto const oldest = hub().resume("e1-20", everything);
  EXPECT_FALSE(oldest.reset);
  EXPECT_EQ(oldest.missed.size(), 100U);
}

TEST_F(HubTest, knows_a_cursor_that_it_has_not_reached_yet) {
  publish({"a"});
  EXPECT_TRUE(hub().ahead("e1-1"));
  hub().run_turn();
  EXPECT_FALSE(hub().ahead("e1-1"));
  EXPECT_TRUE(hub().ahead("e1-2"));
  EXPECT_FALSE(hub().ahead("e2-2"));
  EXPECT_FALSE(hub().ahead("nonsense"));
}

TEST_F(HubTest, the_snapshot_shows_delivered_events_with_their_cursor) {
  publish({"a"});
  EXPECT_EQ(hub().snapshot_json(everything), R"({"cursor":"e1-0","state":[]})");
  hub().run_turn();
  EXPECT_EQ(hub().snapshot_json(everything),
            R"({"cursor":"e1-1","state":[)" + notification_json("a") + "]}");
}

TEST_F(HubTest, the_snapshot_is_behind_by_the_delay_and_says_so_by_its_cursor) {
  options.snapshot_delay = std::chrono::milliseconds{100};
  Snapshot::Time now{};
  Hub delayed{epoch, options, encoder, delivery, [&] { return now; }};
  delayed.publish(event(1, "a"));
  delayed.run_turn();
  EXPECT_EQ(delayed.snapshot_json(everything), R"({"cursor":"e1-0","state":[]})");
  EXPECT_EQ(delayed.snapshot_cursor(), (EventId{epoch, 0}));
  EXPECT_EQ(delayed.now(), (EventId{epoch, 1}));
  now += options.snapshot_delay;
  EXPECT_EQ(delayed.snapshot_json(everything),
            R"({"cursor":"e1-1","state":[)" + notification_json("a") + "]}");
  EXPECT_EQ(delayed.snapshot_cursor(), (EventId{epoch, 1}));
}

TEST_F(HubTest, a_cursor_is_fresh_until_it_may_get_lost) {
  options.history = {.events = 2};
  publish({"a", "b"});
  hub().run_turn();
  EXPECT_TRUE(hub().is_fresh({epoch, 1}));
  publish({"c", "d"});
  hub().run_turn();
  EXPECT_FALSE(hub().is_fresh({epoch, 1}));
  EXPECT_TRUE(hub().is_fresh(hub().now()));
}

}  // namespace
}  // namespace pushlab::server

#include "servers/hub/history.hpp"

#include "tests/unit/servers/events.hpp"

namespace pushlab::server {
namespace {

History history_of(HistoryLimits limits, std::uint64_t events) {
  History history{limits};
  for (std::uint64_t seq = 1; seq <= events; ++seq) history.append(event(seq));
  return history;
}

TEST(History, gives_everything_after_a_number) {
  auto const history = history_of({}, 3);
  ASSERT_TRUE(history.after(1));
  EXPECT_EQ(numbers_of(*history.after(1)), (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(numbers_of(*history.after(0)), (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST(History, gives_an_empty_range_to_who_has_seen_all) {
  auto const history = history_of({}, 3);
  ASSERT_TRUE(history.after(3));
  EXPECT_TRUE(numbers_of(*history.after(3)).empty());
}

TEST(History, gives_nothing_for_a_number_to_come) {
  EXPECT_FALSE(history_of({}, 3).after(4));
  EXPECT_TRUE(history_of({}, 0).after(0));
  EXPECT_FALSE(history_of({}, 0).after(1));
}

TEST(History, keeps_the_newest_and_never_more_than_its_count) {
  auto const history = history_of({.events = 10}, 25);
  EXPECT_EQ(history.size(), 10U);
  EXPECT_FALSE(history.after(14)) << "event 15 is gone";
  ASSERT_TRUE(history.after(15));
  EXPECT_EQ(numbers_of(*history.after(15)).front(), 16U);
}

TEST(History, never_holds_more_than_its_bytes) {
  auto const one = event(1)->bytes();
  History history{{.events = 1000, .bytes = 3 * one + one / 2}};
  for (std::uint64_t seq = 1; seq <= 9; ++seq) {
    history.append(event(seq));
    EXPECT_LE(history.bytes(), 3 * one + one / 2);
  }
  EXPECT_EQ(history.size(), 3U);
}

TEST(History, an_event_above_the_bytes_leaves_it_empty_and_in_order) {
  History history{{.events = 10, .bytes = 1}};
  history.append(event(1));
  EXPECT_EQ(history.size(), 0U);
  EXPECT_EQ(history.bytes(), 0U);
  EXPECT_EQ(history.last_seq(), 1U);
  EXPECT_FALSE(history.after(0));
  EXPECT_TRUE(history.after(1));
}

TEST(History, can_be_switched_off) {
  auto const history = history_of({.events = 0}, 3);
  EXPECT_EQ(history.size(), 0U);
  EXPECT_FALSE(history.after(2));
  EXPECT_TRUE(history.after(3));
}

}  // namespace
}  // namespace pushlab::server

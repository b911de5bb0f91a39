#include "servers/hub/history.hpp"

#include "tests/unit/servers/hub_fixture.hpp"

namespace pushlab::server {
namespace {

using Numbers = std::vector<std::uint64_t>;

struct HistoryTest : ::testing::Test {
  HistoryTest() { options.account_event = "user"; }

  History& history() {
    if (!made) made = std::make_unique<History>(options);
    return *made;
  }
  void append(int events, std::string const& name = "a", std::string const& id = "1") {
    for (; events > 0; --events) history().append(event(++seq, name, id));
  }
  std::optional<Numbers> after(std::uint64_t cursor, Viewer const& who = viewer("*")) {
    auto const missed = history().missed(cursor, who);
    if (!missed) return std::nullopt;
    return numbers_of(*missed);
  }

  HubOptions options;
  std::unique_ptr<History> made;
  std::uint64_t seq = 0;
};

TEST_F(HistoryTest, gives_everything_after_a_number_in_order_whatever_the_name) {
  for (auto const* name : {"a", "b", "user", "a", "c"}) append(1, name);
  EXPECT_EQ(after(0), (Numbers{1, 2, 3, 4, 5}));
  EXPECT_EQ(after(2), (Numbers{3, 4, 5}));
  EXPECT_EQ(after(2, viewer("a,c")), (Numbers{4, 5}));
}

TEST_F(HistoryTest, gives_an_empty_list_to_who_has_seen_all) {
  append(3);
  EXPECT_EQ(after(3), Numbers{});
  EXPECT_EQ(after(0, viewer("b")), Numbers{});
}

TEST_F(HistoryTest, gives_nothing_for_a_number_to_come) {
  EXPECT_TRUE(after(0));
  EXPECT_FALSE(after(1));
  append(3);
  EXPECT_FALSE(after(4));
}

TEST_F(HistoryTest, keeps_the_newest_of_all_and_never_more_than_their_count) {
  options.history = {.events = 10};
  append(5, "a");
  append(20, "b");
  EXPECT_EQ(history().size(), 10U);
  EXPECT_FALSE(after(14)) << "event 15 is gone";
  EXPECT_EQ(after(15)->front(), 16U);
  EXPECT_FALSE(after(4, viewer("a")));
  EXPECT_EQ(after(5, viewer("a")), Numbers{}) << "who had seen all of a is told so";
}

TEST_F(HistoryTest, a_noisy_name_takes_no_room_from_a_quiet_one) {
  options.history = {.events = 100, .name_events = 10};
  append(2, "quiet");
  append(500, "noisy");
  EXPECT_EQ(history().size(), 12U);
  EXPECT_EQ(after(0, viewer("quiet")), (Numbers{1, 2}));
  EXPECT_FALSE(after(0, viewer("noisy")));
  EXPECT_FALSE(after(0)) << "who may see both has lost something";
  EXPECT_EQ(after(492)->size(), 10U);
}

TEST_F(HistoryTest, a_busy_account_takes_no_room_from_another_and_an_id_has_one_spelling) {
  options.history = {.events = 100, .name_events = 4};
  append(1, "user", "7");
  append(50, "user", "8");
  append(1, "user", "\"7\"");
  EXPECT_EQ(after(0, viewer("", "7")), (Numbers{1, 52}));
  EXPECT_FALSE(after(0, viewer("", "8")));
  EXPECT_EQ(after(0, viewer("", "9")), Numbers{});
}

TEST_F(HistoryTest, never_holds_more_than_its_bytes_in_all_and_of_one_name) {
  auto const one = event(1)->bytes();
  options.history = {.bytes = 5 * one + one / 2, .name_bytes = 3 * one + one / 2};
  append(9, "a");
  EXPECT_EQ(history().size(), 3U);
  for (int i = 0; i < 9; ++i) {
    append(1, "b");
    EXPECT_LE(history().bytes(), 5 * one + one / 2);
  }
  EXPECT_EQ(history().size(), 5U);
}

TEST_F(HistoryTest, an_event_above_the_bytes_costs_its_own_name_only) {
  auto const one = event(1)->bytes();
  options.history = {.bytes = 4 * one};
  append(2, "a");
  append(1, "b");
  auto large = std::make_shared<Event>(*event(++seq, "b"));
  large->frame.resize(5 * one);
  history().append(large);
  EXPECT_EQ(after(0, viewer("a")), (Numbers{1, 2}));
  EXPECT_FALSE(after(3, viewer("b")));
  EXPECT_EQ(after(4, viewer("b")), Numbers{});
}

TEST_F(HistoryTest, counts_what_a_refresh_holds_besides) {
  auto with = std::make_shared<Event>(*event(1));
  auto const plain = with->bytes();
  with->notification.without_data = std::string(1000, 'x');
  EXPECT_EQ(with->bytes(), plain + 1000);
}

TEST_F(HistoryTest, can_be_switched_off) {
  options.history = {.events = 0};
  append(3);
  EXPECT_EQ(history().size(), 0U);
  EXPECT_EQ(history().bytes(), 0U);
  EXPECT_FALSE(after(2));
  EXPECT_EQ(after(3), Numbers{});
  EXPECT_EQ(after(2, viewer("b")), Numbers{});
}

// Names that lost all their events.

TEST_F(HistoryTest, bookkeeping_stays_bounded_with_any_number_of_names_and_accounts) {
  options.history = {.events = 50, .emptied = 20};
  for (int i = 0; i < 5000; ++i) {
    append(1, "name" + std::to_string(i));
    append(1, "user", std::to_string(i));
    ASSERT_LE(history().shelves(), 50U + 2 * 20U);
  }
}

TEST_F(HistoryTest, an_account_with_a_long_id_is_not_remembered_for_long) {
  options.history = {.events = 1, .emptied = 20};
  for (int i = 0; i < 100; ++i)
    append(1, "user", "\"" + std::string(max_name_bytes * 10, 'x') + std::to_string(i) + "\"");
  EXPECT_LE(history().shelves(), 3U);
}

TEST_F(HistoryTest, below_the_floor_only_a_name_with_a_shelf_is_known_to_be_whole) {
  options.history = {.events = 4, .emptied = 1};
  for (auto const* name : {"w", "x", "y", "z", "a", "b", "c", "d"}) append(1, name);
  // w, x and y are forgotten, the floor is event 3; z is remembered.
  EXPECT_EQ(after(4, viewer("z")), Numbers{});
  EXPECT_FALSE(after(3, viewer("z")));
  EXPECT_EQ(after(3, viewer("x,never")), Numbers{});
  EXPECT_FALSE(after(1, viewer("x"))) << "it has lost event 2";
  EXPECT_FALSE(after(1, viewer("never"))) << "it cannot be told from x";
  EXPECT_EQ(after(0, viewer("a")), Numbers{5}) << "its shelf is older than the floor";
  append(1, "x");
  EXPECT_FALSE(after(2, viewer("x"))) << "its new shelf does not know better";
  EXPECT_EQ(after(3, viewer("x")), Numbers{9});
}

TEST_F(HistoryTest, forgotten_accounts_are_no_loss_to_who_may_not_see_them) {
  options.history = {.events = 10, .emptied = 1};
  options.rules = AccessRules{{{"user", AccessRules::Rule::Who::roles, {}}}};
  append(1, "quiet");
  options.history = {};
  for (int i = 100; i < 109; ++i) append(1, "user", std::to_string(i));
  for (int i = 0; i < 3; ++i) append(1, "quiet");
  EXPECT_EQ(after(1, viewer("*", "1")), std::nullopt) << "its own account may be a forgotten one";
  auto anonymous = viewer("*");
  anonymous.audience.authenticated = true;
  EXPECT_EQ(after(1, anonymous), (Numbers{11, 12, 13}));
}

TEST_F(HistoryTest, a_cursor_is_fresh_until_a_later_event_was_the_last_of_its_name) {
  options.history = {.events = 10, .name_events = 3};
  append(1, "mine");
  EXPECT_TRUE(history().is_fresh(1));
  append(100, "noisy");
  EXPECT_TRUE(history().is_fresh(1)) << "only noisy lost events, and it has others";
  for (int i = 0; i < 7; ++i) append(1, "n" + std::to_string(i));
  append(10, "user", "7");
  EXPECT_FALSE(history().is_fresh(1));
  EXPECT_TRUE(history().is_fresh(seq));
}

}  // namespace
}  // namespace pushlab::server

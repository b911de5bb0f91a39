#include "servers/net/outbox.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/unit/servers/events.hpp"

namespace pushlab::server {
namespace {

std::string gathered(Outbox const& outbox) {
  std::array<iovec, 8> pieces;
  std::string text;
  for (auto const& piece : outbox.gather(pieces))
    text.append(static_cast<char const*>(piece.iov_base), piece.iov_len);
  return text;
}

TEST(Outbox, gives_the_frames_in_order) {
  Outbox outbox{100};
  EXPECT_TRUE(outbox.empty());
  EXPECT_TRUE(outbox.push(owned("one")));
  EXPECT_TRUE(outbox.push(owned("two")));
  EXPECT_EQ(gathered(outbox), "onetwo");
  EXPECT_EQ(outbox.bytes(), 6U);
}

TEST(Outbox, takes_its_limit_and_not_a_byte_more) {
  Outbox outbox{6};
  EXPECT_TRUE(outbox.push(owned("12345")));
  EXPECT_FALSE(outbox.push(owned("67")));
  EXPECT_EQ(gathered(outbox), "12345") << "a refused frame leaves nothing behind";
  EXPECT_TRUE(outbox.push(owned("6")));
}

TEST(Outbox, keeps_nothing_of_nothing) {
  Outbox outbox{6};
  EXPECT_TRUE(outbox.push({}));
  outbox.push_conflated({});
  EXPECT_TRUE(outbox.empty()) << "or it would never be written to its end";
}

TEST(Outbox, has_room_again_for_what_was_written) {
  Outbox outbox{6};
  EXPECT_TRUE(outbox.push(owned("123456")));
  outbox.consume(4);
  EXPECT_TRUE(outbox.push(owned("7890")));
  EXPECT_EQ(gathered(outbox), "567890");
}

TEST(Outbox, what_the_server_chose_to_send_takes_no_room_from_the_events) {
  Outbox outbox{4};
  outbox.push_unbounded(owned(std::string(1000, 'r')));
  EXPECT_TRUE(outbox.push(owned("1234")));
  EXPECT_FALSE(outbox.push(owned("5")));
}

TEST(Outbox, refuses_everything_while_events_are_conflated_behind_it) {
  Outbox outbox{6};
  EXPECT_TRUE(outbox.push(owned("123456")));
  EXPECT_TRUE(outbox.conflate(event(1)));
  outbox.consume(6);
  EXPECT_FALSE(outbox.push(owned("1"))) << "it would overtake them";
  auto const conflated = outbox.take_conflated();
  ASSERT_EQ(numbers_of(conflated->events()), std::vector<std::uint64_t>{1});
  outbox.push_conflated(frame_of(conflated->events().front()));
  EXPECT_TRUE(outbox.push(owned("123")));
  EXPECT_FALSE(outbox.push(owned("4")));
  EXPECT_EQ(gathered(outbox), "<1>123");
  EXPECT_EQ(outbox.take_conflated(), nullptr);
}

TEST(Outbox, conflates_within_its_limit_however_long_a_replay_is) {
  Outbox outbox{6};
  outbox.push_unbounded(owned(std::string(1000, 'r')));
  EXPECT_TRUE(outbox.conflate(event(1, "a", "1")));
  EXPECT_TRUE(outbox.conflate(event(2, "a", "2")));
  EXPECT_TRUE(outbox.conflate(event(3, "a", "1")));
  EXPECT_FALSE(outbox.conflate(event(4, "a", "3")));
  EXPECT_EQ(outbox.dropped(), 1U);
}

TEST(Outbox, consumes_over_the_borders_of_frames) {
  for (std::size_t written = 0; written <= 9; ++written) {
    Outbox outbox{100};
    for (auto const* frame : {"abc", "de", "fghi"}) outbox.push(owned(frame));
    outbox.consume(written);
    EXPECT_EQ(gathered(outbox), std::string{"abcdefghi"}.substr(written));
    EXPECT_EQ(outbox.bytes(), 9 - written);
    EXPECT_EQ(outbox.empty(), written == 9);
  }
}

TEST(Outbox, gathers_no_more_pieces_than_there_is_room_for) {
  Outbox outbox{100};
  for (int i = 0; i < 5; ++i) outbox.push(owned("x"));
  std::array<iovec, 2> pieces;
  EXPECT_EQ(outbox.gather(pieces).size(), 2U);
}

TEST(Outbox, keeps_a_shared_frame_alive_until_it_is_written) {
  auto frame = owned("shared");
  std::weak_ptr<void const> const alive = frame.owner;
  Outbox outbox{100};
  outbox.push(std::move(frame));
  EXPECT_FALSE(alive.expired());
  outbox.consume(6);
  EXPECT_TRUE(alive.expired());
}

}  // namespace
}  // namespace pushlab::server

#include "servers/net/conflating_queue.hpp"

#include <gtest/gtest.h>

#include "tests/unit/servers/events.hpp"

namespace pushlab::server {
namespace {

using Numbers = std::vector<std::uint64_t>;

TEST(ConflatingQueue, keeps_the_newest_of_each_resource_where_that_stands) {
  ConflatingQueue queue{1000};
  EXPECT_TRUE(queue.push(event(1, "a", "1")));
  EXPECT_TRUE(queue.push(event(2, "a", "2")));
  EXPECT_TRUE(queue.push(event(3, "a", "1")));
  EXPECT_EQ(numbers_of(queue.events()), (Numbers{2, 3}));
  EXPECT_EQ(queue.dropped(), 1U);
}

TEST(ConflatingQueue, tells_resources_apart_by_name_and_id) {
  ConflatingQueue queue{1000};
  EXPECT_TRUE(queue.push(event(1, "a", "1")));
  EXPECT_TRUE(queue.push(event(2, "b", "1")));
  EXPECT_TRUE(queue.push(event(3, "a", "11")));
  EXPECT_TRUE(queue.push(event(4, "a1", "1")));
  EXPECT_EQ(queue.dropped(), 0U);
  EXPECT_EQ(queue.events().size(), 4U);
}

TEST(ConflatingQueue, takes_its_limit_and_not_a_byte_more) {
  ConflatingQueue queue{6};  // two frames, <1> and the like
  EXPECT_TRUE(queue.push(event(1, "a", "1")));
  EXPECT_TRUE(queue.push(event(2, "a", "2")));
  EXPECT_FALSE(queue.push(event(3, "a", "3")));
  EXPECT_EQ(numbers_of(queue.events()), (Numbers{1, 2})) << "a refused event leaves nothing behind";
  EXPECT_EQ(queue.bytes(), 6U);
}

TEST(ConflatingQueue, has_room_for_a_newer_event_in_the_place_of_the_older) {
  ConflatingQueue queue{6};
  EXPECT_TRUE(queue.push(event(1, "a", "1")));
  EXPECT_TRUE(queue.push(event(2, "a", "2")));
  EXPECT_TRUE(queue.push(event(3, "a", "1")));
  EXPECT_FALSE(queue.push(event(10, "a", "2"))) << "a byte longer";
  EXPECT_EQ(numbers_of(queue.events()), (Numbers{2, 3}));
  EXPECT_EQ(queue.dropped(), 1U);
}

TEST(ConflatingQueue, lets_go_of_the_events_that_it_dropped) {
  ConflatingQueue queue{1000};
  auto first = event(1, "a", "1");
  std::weak_ptr<Event const> const alive = first;
  queue.push(std::move(first));
  for (std::uint64_t seq = 2; seq < 100; ++seq) queue.push(event(seq, "a", "1"));
  EXPECT_TRUE(alive.expired());
  EXPECT_EQ(queue.bytes(), 4U);
  EXPECT_EQ(queue.dropped(), 98U);
}

}  // namespace
}  // namespace pushlab::server

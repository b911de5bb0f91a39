#include "servers/sse/sse_encoder.hpp"

#include "tests/unit/servers/events.hpp"

namespace pushlab::server {
namespace {

TEST(SseEncoder, an_event_is_one_block_in_one_chunk) {
  auto const block = "id: ab-7\nevent: db\ndata: " + notification_json("a") + "\n\n";
  EXPECT_EQ(SseEncoder{}.frame({0xAB, 7}, notification("a")), "3e\r\n" + block + "\r\n");
  ASSERT_EQ(block.size(), 0x3EU);
}

TEST(SseEncoder, a_client_without_chunks_gets_the_block_alone) {
  for (std::size_t const size : std::initializer_list<std::size_t>{1, 20, 300, 70'000}) {
    auto n = notification("a");
    n.body = std::string(size, 'x');
    EXPECT_EQ(SseEncoder{}.unchunked(SseEncoder{}.frame({1, 2}, n)),
              "id: 1-2\nevent: db\ndata: " + n.body + "\n\n");
  }
}

TEST(SseEncoder, events_of_one_turn_are_joined_chunk_by_chunk) {
  std::vector<EventPtr> const events{event(1), event(2)};
  EXPECT_EQ(SseEncoder{}.join(1, events), "<1><2>");
}

TEST(SseEncoder, forwards_no_data_that_is_to_be_kept_back) {
  auto n = notification("a");
  n.without_data = "{}";
  EXPECT_EQ(SseEncoder{}.frame({0xAB, 7}, n), chunk("id: ab-7\nevent: db\ndata: {}\n\n"));
}

TEST(SseEncoder, tells_how_much_was_dropped_and_where_to_go_on_in_one_chunk) {
  EXPECT_EQ(SseEncoder{}.conflated({0xAB, 7}, 12),
            "30\r\nid: ab-7\nevent: conflated\ndata: {\"dropped\":12}\n\n\r\n");
}

TEST(SseHello, sets_cursor_and_reconnection_time_and_names_connection_and_server) {
  EXPECT_EQ(SseEncoder{}.unchunked(sse_hello({0xAB, 7}, "c1", "pushlab-sse", 1500)),
            "retry: 1500\nid: ab-7\nevent: hello\n"
            "data: {\"connection\":\"c1\",\"server\":\"pushlab-sse\"}\n\n");
}

TEST(SseReset, carries_the_cursor_to_go_on_from) {
  EXPECT_EQ(SseEncoder{}.unchunked(sse_reset({0xAB, 7})),
            "id: ab-7\nevent: reset\ndata: {\"cursor\":\"ab-7\"}\n\n");
}

TEST(SseHeartbeat, is_a_comment_that_dispatches_nothing) {
  EXPECT_EQ(SseEncoder{}.unchunked(sse_heartbeat), ":\n\n");
  EXPECT_EQ(sse_heartbeat, chunk(":\n\n"));
}

}  // namespace
}  // namespace pushlab::server

#include "servers/sse/sse_encoder.hpp"

#include <array>
#include <thread>

#include "servers/http/content_coding.hpp"
#include "tests/unit/servers/events.hpp"
#include "tests/unit/servers/incremental_decoder.hpp"

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
  EXPECT_EQ(SseEncoder{}.join(1, events, WireForm::plain), "<1><2>");
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
  EXPECT_EQ(SseEncoder{}.unchunked(sse_heartbeat(WireForm::plain)), ":\n\n");
  EXPECT_EQ(sse_heartbeat(WireForm::plain), chunk(":\n\n"));
}

// What is in a chunk of one of the coded forms, as a client that has just come decodes it.
std::string decoded(WireForm form, std::string_view frame) {
  auto const coded = SseEncoder{}.unchunked(frame);
  if (form == WireForm::zstd) return test::ZstdDecoder{}.feed(coded);
  test::GzipDecoder decoder;
  decoder.feed(gzip_stream_start);
  return decoder.feed(coded);
}

class CodedSse : public testing::TestWithParam<WireForm> {};
INSTANTIATE_TEST_SUITE_P(forms, CodedSse, testing::Values(WireForm::gzip, WireForm::zstd));

TEST_P(CodedSse, is_one_chunk_around_coded_bytes) {
  SseEncoder const encoder;
  for (std::size_t const size : std::initializer_list<std::size_t>{1, 300, 70'000}) {
    auto n = notification("a");
    n.body = std::string(size, 'x');
    auto const plain = encoder.frame({1, 2}, n);
    auto const coded = encoder.in_form(GetParam(), plain);
    EXPECT_EQ(coded, chunk(encoder.unchunked(coded)));
    EXPECT_EQ(decoded(GetParam(), coded), encoder.unchunked(plain));
  }
}

TEST_P(CodedSse, has_a_coded_heartbeat) {
  EXPECT_EQ(decoded(GetParam(), sse_heartbeat(GetParam())), ":\n\n");
}

TEST_P(CodedSse, an_event_is_coded_once) {
  struct Counting : SseEncoder {
    std::string in_form(WireForm form, std::string frame) const override {
      ++coded;
      return SseEncoder::in_form(form, std::move(frame));
    }
    mutable int coded = 0;
  } const encoder;
  Event made{1, notification("a"), encoder.frame({1, 1}, notification("a")), &encoder};
  EXPECT_EQ(made.in(WireForm::plain), made.frame);
  EXPECT_EQ(encoder.coded, 0);
  auto const first = made.in(GetParam());
  EXPECT_EQ(made.in(GetParam()).data(), first.data());
  EXPECT_EQ(encoder.coded, 1);
  EXPECT_EQ(decoded(GetParam(), first), encoder.unchunked(made.frame));
}

TEST_P(CodedSse, an_event_that_many_threads_ask_for_is_the_same_for_all) {
  SseEncoder const encoder;
  for (int round = 0; round < 50; ++round) {
    Event const made{1, notification("a"), encoder.frame({1, 1}, notification("a")), &encoder};
    std::array<std::string_view, 4> seen;
    std::vector<std::thread> threads;
    for (auto& mine : seen) threads.emplace_back([&] { mine = made.in(GetParam()); });
    for (auto& thread : threads) thread.join();
    for (auto const& one : seen) EXPECT_EQ(one.data(), seen[0].data());
  }
}

}  // namespace
}  // namespace pushlab::server

#include "loadgen/client/sse_parser.hpp"

#include <gtest/gtest.h>

#include <string>

#include "loadgen/schedule/random.hpp"
#include "tests/unit/loadgen/sse_parser_cases.hpp"

namespace pushlab::loadgen {
namespace {

struct Transcript final : SseSink {
  void on_event(SseEvent const& event) override {
    text += '[';
    text.append(event.type).append("|").append(event.data).append("|").append(event.last_event_id);
    text += ']';
    ++events;
  }
  void on_retry(std::int64_t delay_ms) override { text += '{' + std::to_string(delay_ms) + '}'; }

  std::string text;
  int events = 0;
};

// Each piece is fed from memory of its own, so that a look beyond it is a read out of bounds.
void feed_piece(SseParser& parser, Transcript& out, std::string_view piece) {
  std::string const own(piece);
  parser.feed(own, out);
}

void feed_by(SseParser& parser, Transcript& out, std::string_view stream, std::size_t size) {
  for (std::size_t at = 0; at < stream.size(); at += size) {
    feed_piece(parser, out, stream.substr(at, size));
  }
}

class SseStream : public testing::TestWithParam<SseCase> {};

TEST_P(SseStream, means_the_same_in_every_chunking) {
  auto const& given = GetParam();
  for (std::size_t size = 1; size <= given.stream.size() + 1; ++size) {
    SseParser parser;
    Transcript out;
    feed_by(parser, out, given.stream, size);
    EXPECT_EQ(out.text, given.expected) << "in chunks of " << size;
    EXPECT_EQ(parser.last_event_id(), given.last_id) << "in chunks of " << size;
  }
}

TEST_P(SseStream, means_the_same_with_one_cut_anywhere) {
  auto const& given = GetParam();
  for (std::size_t cut = 0; cut <= given.stream.size(); ++cut) {
    SseParser parser;
    Transcript out;
    feed_piece(parser, out, given.stream.substr(0, cut));
    feed_piece(parser, out, {});
    feed_piece(parser, out, given.stream.substr(cut));
    EXPECT_EQ(out.text, given.expected) << "cut at " << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(Table, SseStream, testing::ValuesIn(sse_cases),
                         [](auto const& row) { return std::string(row.param.name); });

TEST(SseParser, gives_the_same_events_for_random_cuts_of_all_streams_together) {
  std::string all;
  for (auto const& one : sse_cases) {
    if (!one.stream.starts_with('\xef')) all.append(one.stream).append("\n\n");
  }
  SseParser whole;
  Transcript expected;
  feed_piece(whole, expected, all);
  for (std::uint64_t round = 0; round < 200; ++round) {
    SseParser parser;
    Transcript out;
    std::uint64_t draw = round * 100'000;
    for (std::size_t at = 0; at < all.size();) {
      auto const size = 1 + random_bits(1, Stream::arrivals, ++draw) % 40;
      feed_piece(parser, out, std::string_view(all).substr(at, size));
      at += size;
    }
    ASSERT_EQ(out.text, expected.text) << "round " << round;
  }
}

TEST(SseParser, dispatches_at_a_final_cr_without_waiting) {
  SseParser parser;
  Transcript out;
  feed_piece(parser, out, "data:1\r\n\r");
  EXPECT_EQ(out.text, "[message|1|]");
  feed_piece(parser, out, "\ndata:2\n\n");
  EXPECT_EQ(out.text, "[message|1|][message|2|]");
}

TEST(SseParser, keeps_the_last_event_id_for_the_next_connection_and_drops_the_unfinished_block) {
  SseParser parser;
  Transcript out;
  feed_piece(parser, out, "id:1\ndata:a\n\nid:2\ndata:b\n");
  parser.start_over();
  feed_piece(parser, out,
             "\xef\xbb\xbf"
             "data:c\n\n");
  EXPECT_EQ(out.text, "[message|a|1][message|c|1]");
  EXPECT_EQ(parser.last_event_id(), "1");
}

TEST(SseParser, takes_a_line_of_200_kilobytes) {
  std::string const line(200'000, 'x');
  SseParser parser;
  Transcript out;
  feed_by(parser, out, "data:" + line + "\n\n", 1000);
  EXPECT_EQ(out.text, "[message|" + line + "|]");
}

TEST(SseParser, takes_5000_data_lines) {
  std::string stream;
  for (int i = 0; i < 5000; ++i) stream += "data:1\n";
  SseParser parser;
  Transcript out;
  feed_by(parser, out, stream + "\n", 4096);
  EXPECT_EQ(out.events, 1);
  EXPECT_EQ(out.text.size(), std::string_view("[message||]").size() + 9999);
}

TEST(SseParser, takes_thousands_of_comments) {
  std::string stream;
  for (int i = 0; i < 20'000; ++i) stream += ":keep-alive\n\n";
  SseParser parser;
  Transcript out;
  feed_by(parser, out, stream + "data:1\n\n", 4096);
  EXPECT_EQ(out.text, "[message|1|]");
}

TEST(SseParser, takes_a_comment_of_200_kilobytes) {
  SseParser parser;
  Transcript out;
  feed_by(parser, out, ":" + std::string(200'000, 'x') + "\ndata:1\n\n", 1000);
  EXPECT_EQ(out.text, "[message|1|]");
}

TEST(SseParser, fails_at_an_unbounded_line_and_says_so) {
  for (std::size_t const size : {std::size_t{1}, std::size_t{7}, std::size_t{10'000}}) {
    SseParser parser(100);
    Transcript out;
    feed_by(parser, out, "data:1\n\ndata:" + std::string(200, 'x') + "\n\ndata:2\n\n", size);
    EXPECT_TRUE(parser.failed());
    EXPECT_EQ(out.text, "[message|1|]");
    EXPECT_NE(parser.error().find("more than 100 bytes"), std::string::npos) << parser.error();
  }
}

TEST(SseParser, fails_at_an_unbounded_event_of_short_lines) {
  std::string stream;
  for (int i = 0; i < 100; ++i) stream += "data:1234\n";
  for (std::size_t const size : {std::size_t{1}, std::size_t{7}, std::size_t{10'000}}) {
    SseParser parser(100);
    Transcript out;
    feed_by(parser, out, stream + "\n", size);
    EXPECT_TRUE(parser.failed());
    EXPECT_EQ(out.events, 0);
  }
}

TEST(SseParser, takes_a_line_of_exactly_the_limit) {
  for (std::size_t const size : {std::size_t{1}, std::size_t{1000}}) {
    SseParser parser(100);
    Transcript out;
    feed_by(parser, out, "data:" + std::string(95, 'x') + "\n\n", size);
    EXPECT_FALSE(parser.failed());
    EXPECT_EQ(out.events, 1);
  }
}

}  // namespace
}  // namespace pushlab::loadgen

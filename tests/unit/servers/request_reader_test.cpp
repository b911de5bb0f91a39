#include "servers/http/request_reader.hpp"

#include <gtest/gtest.h>

namespace pushlab::server {
namespace {

using Outcome = RequestReader::Outcome;

constexpr std::string_view get = "GET /events?events=a HTTP/1.1\r\nHost: h\r\nX-Two:  v \r\n\r\n";
constexpr std::string_view post =
    "POST /notify HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
constexpr std::string_view chunked =
    "POST /notify HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";

constexpr std::string_view empty_chunked =
    "POST /notify HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";

std::string_view body_of(std::string_view request) {
  return request == post || request == chunked ? "hello" : "";
}

// A reader that was given these bytes.
struct Fed : RequestReader {
  Fed(std::string_view bytes, Outcome expected) : RequestReader({}) {
    EXPECT_EQ(feed(bytes), expected) << bytes;
  }
};

TEST(RequestReader, reads_method_target_fields_and_body) {
  Fed reader{get, Outcome::complete};
  auto const request = reader.take();
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.target.path, "/events");
  EXPECT_EQ(request.target.value("events"), "a");
  EXPECT_EQ(request.field("x-two"), "v");
  EXPECT_EQ(request.field("absent"), "");
  EXPECT_TRUE(request.keep_alive);
  EXPECT_FALSE(request.http_1_0);
  EXPECT_EQ(Fed(post, Outcome::complete).take().body, "hello");
  EXPECT_EQ(Fed(chunked, Outcome::complete).take().body, "hello");
}

TEST(RequestReader, reads_the_same_whatever_the_bytes_were_split_at) {
  for (auto const text : {get, post, chunked, empty_chunked}) {
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      RequestReader reader{{}};
      ASSERT_EQ(reader.feed(text.substr(0, cut)), Outcome::need_more) << text << " cut at " << cut;
      ASSERT_EQ(reader.feed(text.substr(cut)), Outcome::complete) << text << " cut at " << cut;
      auto const request = reader.take();
      ASSERT_EQ(request.body, body_of(text));
      ASSERT_EQ(request.field("Host"), "h");
      ASSERT_TRUE(reader.empty());
    }
  }
}

TEST(RequestReader, reads_byte_by_byte) {
  for (auto const text : {get, post, chunked, empty_chunked}) {
    RequestReader reader{{}};
    for (std::size_t i = 0; i + 1 < text.size(); ++i)
      ASSERT_EQ(reader.feed(text.substr(i, 1)), Outcome::need_more) << text << " at " << i;
    ASSERT_EQ(reader.feed(text.substr(text.size() - 1)), Outcome::complete);
    EXPECT_EQ(reader.take().body, body_of(text));
  }
}

TEST(RequestReader, keeps_pipelined_requests_in_order) {
  RequestReader reader{{}};
  auto const all = std::string{post} + std::string{chunked} + std::string{get};
  ASSERT_EQ(reader.feed(all), Outcome::complete);
  EXPECT_EQ(reader.take().field("Content-Length"), "5");
  ASSERT_EQ(reader.feed({}), Outcome::complete);
  EXPECT_EQ(reader.take().field("Transfer-Encoding"), "chunked");
  ASSERT_EQ(reader.feed({}), Outcome::complete);
  EXPECT_EQ(reader.take().target.path, "/events");
  EXPECT_EQ(reader.feed({}), Outcome::need_more);
  EXPECT_TRUE(reader.empty());
}

TEST(RequestReader, keeps_what_is_no_http_behind_a_request) {
  Fed reader{std::string{get} + "\x81\x80", Outcome::complete};
  reader.take();
  EXPECT_EQ(reader.rest(), "\x81\x80");
}

TEST(RequestReader, is_not_empty_after_half_a_request) {
  RequestReader reader{{}};
  EXPECT_TRUE(reader.empty());
  reader.feed("GE");
  EXPECT_FALSE(reader.empty());
}

TEST(RequestReader, tells_http_1_0_and_wishes_for_the_connection) {
  EXPECT_TRUE(Fed("GET / HTTP/1.0\r\n\r\n", Outcome::complete).take().http_1_0);
  EXPECT_FALSE(Fed("GET / HTTP/1.0\r\n\r\n", Outcome::complete).take().keep_alive);
  EXPECT_TRUE(
      Fed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", Outcome::complete).take().keep_alive);
  EXPECT_FALSE(
      Fed("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", Outcome::complete).take().keep_alive);
}

TEST(RequestReader, refuses_what_is_no_http_with_400) {
  for (auto const* text :
       {"nonsense\r\n\r\n", "\x16\x03\x01\r\n\r\n", "GET / HTTP/2.0\r\n\r\n",
        "GET / HTTP/1.1\r\nbroken\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"}) {
    Fed const reader{text, Outcome::bad};
    EXPECT_EQ(reader.failure().status, 400) << text;
    EXPECT_FALSE(reader.failure().detail.empty());
  }
}

TEST(RequestReader, refuses_two_meanings_of_the_length) {
  Fed{"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", Outcome::bad};
  Fed{"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      Outcome::bad};
}

TEST(RequestReader, refuses_a_head_above_its_limit_with_431_complete_or_not) {
  auto const head = "GET / HTTP/1.1\r\nX: " + std::string(300, 'x');
  for (auto const& text : {head, head + "\r\n\r\n"}) {
    RequestReader reader{{.head_bytes = 200}};
    ASSERT_EQ(reader.feed(text), Outcome::bad);
    EXPECT_EQ(reader.failure().status, 431);
  }
}

TEST(RequestReader, refuses_a_target_above_its_limit_with_414_complete_or_not) {
  auto const line = "GET /" + std::string(100, 'x');
  for (auto const& text : {line, line + " HTTP/1.1\r\n", line + " HTTP/1.1\r\nHost: h\r\n\r\n"}) {
    RequestReader reader{{.target_bytes = 100}};
    ASSERT_EQ(reader.feed(text), Outcome::bad) << text;
    EXPECT_EQ(reader.failure().status, 414) << text;
  }
}

TEST(RequestReader, refuses_a_target_above_the_limit_of_the_head_with_414) {
  RequestReader reader{{.target_bytes = 100, .head_bytes = 200}};
  auto const text = "GET /" + std::string(300, 'x') + " HTTP/1.1\r\n\r\n";
  ASSERT_EQ(reader.feed(text), Outcome::bad);
  EXPECT_EQ(reader.failure().status, 414);
}

TEST(RequestReader, refuses_a_target_above_its_limit_whatever_the_bytes_were_split_at) {
  auto const text = "GET /" + std::string(100, 'x') + " HTTP/1.1\r\n\r\n";
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    RequestReader reader{{.target_bytes = 100}};
    auto const first = reader.feed(text.substr(0, cut));
    ASSERT_EQ(first == Outcome::bad ? first : reader.feed(text.substr(cut)), Outcome::bad) << cut;
    ASSERT_EQ(reader.failure().status, 414) << cut;
  }
}

TEST(RequestReader, takes_a_target_as_long_as_its_limit_whatever_follows) {
  auto const text =
      "GET /" + std::string(99, 'x') + " HTTP/1.1\r\nX: " + std::string(200, 'x') + "\r\n\r\n";
  for (std::size_t cut = 1; cut <= text.size(); ++cut) {
    RequestReader reader{{.target_bytes = 100}};
    auto const first = reader.feed(text.substr(0, cut));
    ASSERT_EQ(first == Outcome::complete ? first : reader.feed(text.substr(cut)), Outcome::complete)
        << cut;
    ASSERT_EQ(reader.take().target.path.size(), 100U);
  }
}

TEST(RequestReader, refuses_a_body_above_its_limit_with_413_announced_or_not) {
  for (auto const* text :
       {"POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n"}) {
    RequestReader reader{{.body_bytes = 10}};
    ASSERT_EQ(reader.feed(text), Outcome::bad) << text;
    EXPECT_EQ(reader.failure().status, 413) << text;
  }
}

TEST(RequestReader, takes_a_body_as_large_as_its_limit) {
  RequestReader reader{{.body_bytes = 5}};
  EXPECT_EQ(reader.feed(post), Outcome::complete);
}

TEST(RequestReader, asks_once_for_the_body_of_a_client_that_waits_for_100) {
  RequestReader reader{{}};
  ASSERT_EQ(reader.feed("POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"),
            Outcome::wants_continue);
  ASSERT_EQ(reader.feed("hel"), Outcome::need_more);
  ASSERT_EQ(reader.feed("lo"), Outcome::complete);
  EXPECT_EQ(reader.take().body, "hello");
}

TEST(RequestReader, does_not_ask_for_a_body_that_is_here_already) {
  Fed{"POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
      Outcome::complete};
}

}  // namespace
}  // namespace pushlab::server

#include "loadgen/client/http_response.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pushlab::loadgen {
namespace {

struct Reading {
  std::string body;
  std::string rest;  // what the response left over
  bool done = false;
  bool failed = false;
};

Reading read_by(HttpResponse& response, std::string_view stream, std::size_t size) {
  Reading out;
  for (std::size_t at = 0; at < stream.size(); at += size) {
    std::string const own(stream.substr(at, size));
    std::string_view input = own;
    for (auto piece = response.next(input); !piece.empty(); piece = response.next(input)) {
      out.body += piece;
    }
    out.rest += input;
  }
  out.done = response.done();
  out.failed = response.failed();
  return out;
}

// The same outcome for every size of chunk.
void expect_body(std::string_view stream, std::string_view body, bool done,
                 std::string_view rest = "") {
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    HttpResponse response;
    auto const out = read_by(response, stream, size);
    EXPECT_EQ(out.body, body) << "in chunks of " << size;
    EXPECT_EQ(out.done, done) << "in chunks of " << size;
    EXPECT_EQ(out.rest, rest) << "in chunks of " << size;
    EXPECT_FALSE(out.failed) << "in chunks of " << size;
  }
}

void expect_failure(std::string_view stream) {
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    HttpResponse response;
    EXPECT_TRUE(read_by(response, stream, size).failed) << stream << " in chunks of " << size;
  }
}

TEST(HttpResponse, reads_a_body_of_known_length) {
  expect_body("HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhello", "hello", true);
}

TEST(HttpResponse, leaves_what_follows_the_body) {
  expect_body("HTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\nokHTTP", "ok", true, "HTTP");
}

TEST(HttpResponse, needs_no_body) {
  expect_body("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", true);
  expect_body("HTTP/1.1 204 No Content\r\n\r\n", "", true);
  expect_body("HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\n\r\n", "", true);
}

TEST(HttpResponse, takes_chunks_off) {
  expect_body(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
      "abc0123456789", true);
}

TEST(HttpResponse, skips_chunk_extensions_and_trailers) {
  expect_body(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3;a=b\r\nabc\r\n0 \r\nX: y\r\nZ: "
      "1\r\n\r\n",
      "abc", true);
}

TEST(HttpResponse, keeps_line_ends_inside_chunks) {
  expect_body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n\r\n0\r\n\r\n0\r\n\r\n",
              "\r\n0\r\n", true);
}

TEST(HttpResponse, reads_to_the_end_without_a_length) {
  HttpResponse response;
  auto const out = read_by(response, "HTTP/1.1 200 OK\r\n\r\nabc", 4);
  EXPECT_EQ(out.body, "abc");
  EXPECT_FALSE(out.done);
  EXPECT_TRUE(response.complete_at_end());
  EXPECT_FALSE(response.keeps_alive());
}

TEST(HttpResponse, knows_that_a_chunked_body_was_cut) {
  HttpResponse response;
  read_by(response, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", 100);
  EXPECT_FALSE(response.complete_at_end());
}

TEST(HttpResponse, skips_interim_responses) {
  expect_body(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!",
      "!", true);
}

TEST(HttpResponse, ends_at_101_and_leaves_the_first_frames) {
  expect_body("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x01x", "", true,
              "\x81\x01x");
}

TEST(HttpResponse, finds_headers_in_any_case_and_trims_them) {
  HttpResponse response;
  read_by(response, "HTTP/1.1 200 OK\r\nETag:  \"a\" \r\nX-Empty:\r\nContent-Length: 0\r\n\r\n",
          1000);
  EXPECT_EQ(response.header("etag"), "\"a\"");
  EXPECT_EQ(response.header("x-empty"), "");
  EXPECT_EQ(response.header("tag"), std::nullopt);
  response.forget_head();
  EXPECT_EQ(response.header("etag"), std::nullopt);
  EXPECT_EQ(response.status(), 200U);
}

TEST(HttpResponse, knows_whether_the_connection_stays) {
  auto const stays = [](std::string_view head) {
    HttpResponse response;
    read_by(response, std::string(head) + "Content-Length: 0\r\n\r\n", 1000);
    return response.keeps_alive();
  };
  EXPECT_TRUE(stays("HTTP/1.1 200 OK\r\n"));
  EXPECT_FALSE(stays("HTTP/1.0 200 OK\r\n"));
  EXPECT_TRUE(stays("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n"));
  EXPECT_FALSE(stays("HTTP/1.1 200 OK\r\nConnection: foo, close\r\n"));
}

TEST(HttpResponse, refuses_what_is_not_http) {
  expect_failure("SSH-2.0-OpenSSH\r\n\r\n");
  expect_failure("HTTP/2 200\r\n\r\n");
  expect_failure("HTTP/1.1 2x0 OK\r\n\r\n");
  expect_failure("HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n");
  expect_failure("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n");
}

TEST(HttpResponse, refuses_broken_chunks) {
  std::string const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  expect_failure(head + "x\r\n");
  expect_failure(head + "\r\n");
  expect_failure(head + "3\nabc");
  expect_failure(head + "3\r\nabcd\r\n");
  expect_failure(head + "3\r\nabc\n");
  expect_failure(head + "ffffffffffffffff\r\n");
}

TEST(HttpResponse, bounds_the_head) {
  HttpResponse response;
  std::string const line = "X: " + std::string(1000, 'x') + "\r\n";
  std::string stream = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 100; ++i) stream += line;
  EXPECT_TRUE(read_by(response, stream, 500).failed);
}

TEST(HttpResponse, bounds_extensions_and_trailers) {
  ChunkedDecoder decoder;
  std::string const endless = "3;" + std::string(100'000, 'x');
  std::string_view input = endless;
  decoder.next(input);
  EXPECT_TRUE(decoder.failed());
}

}  // namespace
}  // namespace pushlab::loadgen

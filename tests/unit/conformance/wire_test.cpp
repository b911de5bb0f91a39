#include <gtest/gtest.h>

#include <random>

#include "tests/conformance/testing/scripted_server.hpp"
#include "tests/conformance/testing/tls_front.hpp"
#include "tests/conformance/wire/connection.hpp"
#include "tests/conformance/wire/event_stream.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;

Body chunked(std::string_view bytes) {
  Body body;
  body.framing = Body::Framing::chunked;
  ChunkedReader reader;
  reader.feed(bytes, Instant(), body);
  return body;
}

SseStream sse(std::string_view text, std::size_t step = 1) {
  SseReader reader;
  for (std::size_t at = 0; at < text.size(); at += step)
    reader.feed(text.substr(at, step), Instant(std::chrono::seconds(at)));
  return reader.stream();
}

TEST(Url, keeps_the_target_and_finds_the_port) {
  auto const url = Url::parse("http://[::1]:81/a/b?c=d#e");
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, "81");
  EXPECT_EQ(url.target, "/a/b?c=d");
  EXPECT_EQ(url.authority(), "[::1]:81");
  EXPECT_EQ(Url::parse("wss://host").port, "443");
  EXPECT_EQ(Url::parse("http://host?x=1").target, "/?x=1");
  for (auto const* bad :
       {"host/path", "ftp://host/", "http://", "http://host:port/", "http://[::1"})
    EXPECT_THROW(Url::parse(bad), std::invalid_argument) << bad;
}

TEST(Url, resolves_what_a_location_says) {
  auto const url = Url::parse("http://host:8/a/b?c");
  EXPECT_EQ(url.resolve("https://other/x").text(), "https://other/x");
  EXPECT_EQ(url.resolve("//other/x").text(), "http://other/x");
  EXPECT_EQ(url.resolve("/x?u=http://y").text(), "http://host:8/x?u=http://y");
  EXPECT_EQ(url.resolve("x").text(), "http://host:8/a/x");
  EXPECT_EQ(url.resolve("?d").text(), "http://host:8/a/b?d");
}

TEST(Head, is_kept_as_it_came_with_its_faults) {
  auto const head = parse_head("HTTP/1.1 200 OK\r\nA: 1, 2\r\na:3\nB c: x\r\n y\r\n\r\n");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.count("a"), 2U);
  EXPECT_EQ(head.members("A"), (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(head.complaints.size(), 3U);  // a bare LF, a name with a space, a folded line
  EXPECT_THROW(parse_head("SSH-2.0\r\n\r\n"), WireError);
}

TEST(Chunked, gives_the_content_and_every_chunk) {
  auto const body = chunked("3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\nnext");
  EXPECT_EQ(body.content, "abcde");
  EXPECT_EQ(body.end, Body::End::complete);
  EXPECT_TRUE(body.errors.empty());
  ASSERT_EQ(body.chunks.size(), 3U);
  EXPECT_EQ(body.chunks[0].line, "3;x=y");
  EXPECT_EQ(body.chunks[1].offset, 3U);
  EXPECT_EQ(body.trailers, "T: 1\r\n");
}

TEST(Chunked, complains_of_wrong_syntax_and_says_where) {
  EXPECT_EQ(chunked("0x3\r\nabc\r\n").end, Body::End::broken);
  EXPECT_EQ(chunked("-3\r\nabc\r\n").end, Body::End::broken);
  EXPECT_EQ(chunked("3\r\nabcd\r\n").end, Body::End::broken);
  auto const bare = chunked("3\nabc\r\n0\r\n\r\n");
  EXPECT_EQ(bare.content, "abc");
  ASSERT_EQ(bare.errors.size(), 1U);
  EXPECT_EQ(bare.errors[0].offset, 1U);
}

TEST(Sse, lines_end_in_three_ways_and_keep_their_place) {
  for (std::size_t const step : {1U, 2U, 100U}) {
    auto const stream =
        sse("\xEF\xBB\xBF"
            "data:a\r\ndata: b\r: c\n\nid\n",
            step);
    EXPECT_TRUE(stream.bom);
    ASSERT_EQ(stream.lines.size(), 5U);
    EXPECT_EQ(stream.lines[0].end, SseLine::End::crlf);
    EXPECT_EQ(stream.lines[1].end, SseLine::End::cr);
    EXPECT_EQ(stream.lines[2].kind, SseLine::Kind::comment);
    EXPECT_EQ(stream.lines[4].offset, 24U);
    ASSERT_EQ(stream.blocks.size(), 1U);
    EXPECT_EQ(stream.blocks[0].data, "a\nb");
    EXPECT_TRUE(stream.partial());
  }
}

TEST(Sse, an_event_has_what_a_browser_would_make_of_it) {
  auto const stream = sse("id: 1\nevent: x\ndata:  two \n\nretry: 5\n\ndata\n\nid: a\n\n");
  ASSERT_EQ(stream.events().size(), 2U);
  EXPECT_EQ(stream.events()[0]->type, "x");
  EXPECT_EQ(stream.events()[0]->data, " two ");
  EXPECT_EQ(stream.events()[1]->type, "message");
  EXPECT_EQ(stream.events()[1]->data, "");
  EXPECT_EQ(stream.events()[1]->id, "1");
  EXPECT_EQ(stream.last_event_id, "a");
  EXPECT_EQ(stream.retries, std::vector<std::string>{"5"});
  EXPECT_FALSE(stream.partial());
  EXPECT_EQ(stream.find("two"), stream.events()[0]);
  EXPECT_EQ(stream.events()[0]->at, Instant(std::chrono::seconds(27)));
}

TEST(Utf8, the_first_bad_byte_is_found) {
  EXPECT_EQ(find_bad_utf8("a\xC3\xA9\xF0\x9F\x98\x80"), std::string_view::npos);
  EXPECT_EQ(find_bad_utf8("a\xC0\xAF"), 1U);         // overlong
  EXPECT_EQ(find_bad_utf8("ab\xED\xA0\x80"), 2U);    // a surrogate
  EXPECT_EQ(find_bad_utf8("\xF4\x90\x80\x80"), 0U);  // beyond U+10FFFF
  EXPECT_EQ(find_bad_utf8("\xC3"
                          "x"),
            0U);
  EXPECT_TRUE(utf8_cut_off("a\xF0\x9F"));
  EXPECT_EQ(find_bad_utf8("a\xF0\x9F"), std::string_view::npos);
}

TEST(Exchange, reads_a_chunked_stream_as_it_comes) {
  ScriptedServer const server(each_request([](Peer& peer, Asked const& asked) {
    peer.begin_stream();
    peer.send_chunk("data: " + asked.target + "\n");
    if (!peer.wait(0.05)) return;
    peer.send_chunk("\n");
    peer.send_last_chunk();
  }));
  EventStream stream(Url::parse(server.url("/x")), Request(), Deadline::in(2));
  EXPECT_EQ(stream.head().status, 200);
  auto const* event = stream.await("/x", Deadline::in(2));
  ASSERT_TRUE(event);
  EXPECT_GE(seconds_between(event->text_at, event->at), 0.04);
  stream.listen(1);
  EXPECT_EQ(stream.body().end, Body::End::complete);
}

TEST(Exchange, tells_an_end_from_a_cut_a_reset_and_silence) {
  auto const kind_of = [](ScriptedServer::Talk talk) {
    ScriptedServer const server(std::move(talk));
    try {
      Exchange(Url::parse(server.url()), Request(), Deadline::in(0.2));
    } catch (WireError const& error) {
      return error.kind;
    }
    return WireError::Kind::connect;
  };
  EXPECT_EQ(kind_of([](Peer& peer) { peer.read_request(); }), WireError::Kind::ended);
  EXPECT_EQ(kind_of([](Peer& peer) {
              peer.read_request();
              peer.reset();
            }),
            WireError::Kind::reset);
  EXPECT_EQ(kind_of([](Peer& peer) { peer.hold(); }), WireError::Kind::silent);
  EXPECT_EQ(kind_of(each_request([](Peer& peer, Asked const&) { peer.send("nonsense\r\n\r\n"); })),
            WireError::Kind::syntax);
}

TEST(Connection, resumes_tls_with_the_ticket_of_one_that_stands) {
  ScriptedServer const server([](Peer& peer) {
    peer.send("hello");
    peer.hold();
  });
  TlsFront const front(server, "");
  auto const url = Url::parse(front.url());
  auto const deadline = Deadline::in(5);
  Connection first(url, deadline);
  EXPECT_FALSE(first.resumed());
  EXPECT_EQ(first.receive(deadline).bytes, "hello");
  Connection::Options options;
  options.resume = first.ticket();
  ASSERT_TRUE(options.resume);
  Connection const second(url, deadline, options);
  EXPECT_TRUE(second.resumed());
  EXPECT_FALSE(Connection(url, deadline).resumed());
}

TEST(Body, ends_by_length_close_or_cut) {
  auto const end_of = [](std::string const& answer) {
    ScriptedServer const server([answer](Peer& peer) {
      peer.read_request();
      peer.send(answer);
    });
    Exchange exchange(Url::parse(server.url()), Request(), Deadline::in(2));
    exchange.read(Deadline::in(2));
    return exchange.body().end;
  };
  EXPECT_EQ(end_of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"), Body::End::complete);
  EXPECT_EQ(end_of("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"), Body::End::cut);
  EXPECT_EQ(end_of("HTTP/1.0 200 OK\r\n\r\nab"), Body::End::complete);
  EXPECT_EQ(end_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"),
            Body::End::cut);
}

TEST(Deadline, the_limit_of_a_case_ends_every_wait) {
  ScriptedServer const server([](Peer& peer) { peer.hold(); });
  Deadline::Limit const limit(Deadline::in(0.05).when());
  EXPECT_THROW(Exchange(Url::parse(server.url()), Request(), Deadline::in(60)), Overdue);
}

}  // namespace
}  // namespace pushlab::conformance

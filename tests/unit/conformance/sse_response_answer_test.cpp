#include <gtest/gtest.h>

#include "sse_answers.hpp"
#include "tests/conformance/testing/tls_front.hpp"

// Rules of SSE-RESP that are seen in the answer to a plain EventSource.
namespace pushlab::conformance {
namespace {

using namespace testing;

Lines typed(std::string const& type) {
  return {"Content-Type: " + type, "Cache-Control: no-store"};
}

Lines cached(std::string const& line) {
  return {"Content-Type: text/event-stream", line};
}

TEST(SseResponse, R01_any_other_status_than_200_fails) {
  EXPECT_EQ(verdict("SSE-RESP-01", always({})), Verdict::pass);
  for (auto const* status : {"201 Created", "204 No Content", "302 Found", "404 Not Found"})
    EXPECT_EQ(verdict("SSE-RESP-01", always(plain(status))), Verdict::fail) << status;
}

TEST(SseResponse, R02_any_other_type_than_event_stream_fails) {
  for (auto const* type : {"text/event-stream", "TEXT/EVENT-STREAM", "text/event-stream;",
                           "text/event-stream; charset=utf-8"})
    EXPECT_EQ(verdict("SSE-RESP-02", with_lines(typed(type))), Verdict::pass) << type;
  EXPECT_EQ(verdict("SSE-RESP-02", with_lines(typed("text/plain"))), Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-02", with_lines({})), Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-02", always(plain("404 Not Found"))), Verdict::skip);
}

TEST(SseResponse, R03_any_other_charset_than_utf_8_fails) {
  for (auto const* good : {"text/event-stream", "text/event-stream; charset=UTF-8",
                           "text/event-stream;x=y; Charset=\"utf-8\""})
    EXPECT_EQ(verdict("SSE-RESP-03", with_lines(typed(good))), Verdict::pass) << good;
  for (auto const* bad : {"text/event-stream; charset=utf8", "text/event-stream; charset=latin1",
                          "text/event-stream; charset="})
    EXPECT_EQ(verdict("SSE-RESP-03", with_lines(typed(bad))), Verdict::fail) << bad;
}

TEST(SseResponse, R04_two_content_types_fail) {
  EXPECT_EQ(verdict("SSE-RESP-04", always({})), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-04", with_lines(good_lines + "content-type: text/event-stream")),
            Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-04", with_lines(typed("text/event-stream, text/plain"))),
            Verdict::fail);
}

TEST(SseResponse, R05_a_wrong_type_is_explained) {
  EXPECT_EQ(verdict("SSE-RESP-05", always({})), Verdict::skip);
  auto const sniffed = checked("SSE-RESP-05", with_lines(typed("text/plain")));
  EXPECT_EQ(sniffed.verdict, Verdict::info);
  EXPECT_NE(sniffed.seen.find("no X-Content-Type-Options"), std::string::npos);
  auto const told =
      checked("SSE-RESP-05", with_lines(typed("text/plain") + "X-Content-Type-Options: nosniff"));
  EXPECT_EQ(told.verdict, Verdict::info);
  EXPECT_EQ(told.seen.find("no X-Content-Type-Options"), std::string::npos);
}

TEST(SseResponse, R06_what_a_shared_cache_may_store_fails) {
  for (auto const* good : {"Cache-Control: private", "Cache-Control: No-Store, max-age=60"})
    EXPECT_EQ(verdict("SSE-RESP-06", with_lines(cached(good))), Verdict::pass) << good;
  for (auto const* weak : {"Cache-Control: no-cache", "Expires: 0"})
    EXPECT_EQ(verdict("SSE-RESP-06", with_lines(cached(weak))), Verdict::warn) << weak;
  for (auto const* bad :
       {"Cache-Control: public", "Cache-Control: max-age=60", "X: y",
        "Cache-Control: no-cache, s-maxage=5", "Expires: Fri, 01 Jan 2100 00:00:00 GMT"})
    EXPECT_EQ(verdict("SSE-RESP-06", with_lines(cached(bad))), Verdict::fail) << bad;
}

TEST(SseResponse, R07_a_missing_no_transform_is_a_warning) {
  EXPECT_EQ(verdict("SSE-RESP-07", always({})), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-07", with_lines(cached("Cache-Control: no-store"))), Verdict::warn);
}

TEST(SseResponse, R08_a_length_on_a_stream_that_goes_on_or_ends_short_fails) {
  EXPECT_EQ(verdict("SSE-RESP-08", always({})), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-08", always({"200 OK", good_lines, "data: all\n\n", false})),
            Verdict::info);
  auto const claiming = [](std::string const& length, std::string const& text, bool end) {
    return each_request([=](Peer& peer, Asked const&) {
      peer.send_head("200 OK", good_lines + ("Content-Length: " + length));
      peer.send(text);
      end ? peer.end() : peer.hold();
    });
  };
  EXPECT_EQ(verdict("SSE-RESP-08", claiming("1000000", "data: a\n\n", false)), Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-08", claiming("1000", "data: a\n\n", true)), Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-08", claiming("3", "data: a\n\n", false)), Verdict::fail);
}

TEST(SseResponse, R09_a_body_of_wrong_syntax_fails) {
  auto const sending = [](Lines lines, std::string const& bytes) {
    return each_request([=](Peer& peer, Asked const&) {
      peer.send_head("200 OK", lines);
      peer.send(bytes);
      peer.end();
    });
  };
  auto const chunked = good_lines + "Transfer-Encoding: chunked";
  EXPECT_EQ(verdict("SSE-RESP-09", sending(chunked, "5\r\n: hi\n\r\n0\r\n\r\n")), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-09", sending(good_lines, ": hi\n")), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-09", sending(chunked, "5;x=y\r\n: hi\n\r\n0\r\n\r\n")),
            Verdict::warn);
  EXPECT_EQ(verdict("SSE-RESP-09", sending(chunked, "5\r\n: hi\n\r\n0\r\nT: 1\r\n\r\n")),
            Verdict::warn);
  for (auto const* bad : {"5\r\n: hi\n\r\n", "5\n: hi\n\r\n0\r\n\r\n", "0x5\r\n: hi\n\r\n",
                          "5\r\n: hi\n!\r\n0\r\n\r\n", ": hi\n"})
    EXPECT_EQ(verdict("SSE-RESP-09", sending(chunked, bad)), Verdict::fail) << bad;
  EXPECT_EQ(verdict("SSE-RESP-09", sending(chunked + "Content-Length: 5", "0\r\n\r\n")),
            Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-09", sending(good_lines + "Bad name: x", ": hi\n")), Verdict::fail);
}

TEST(SseResponse, R10_a_head_that_comes_late_or_never_fails) {
  auto const after = [](double seconds) {
    return [seconds](Peer& peer) {
      auto const asked = peer.read_request();
      if (asked && peer.wait(seconds)) give(peer, *asked, {});
    };
  };
  EXPECT_EQ(verdict("SSE-RESP-10", after(0)), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-10", after(0.25)), Verdict::warn);
  EXPECT_EQ(verdict("SSE-RESP-10", after(0.6)), Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-10", after(5)), Verdict::fail);
}

TEST(SseResponse, R11_nginx_must_be_told_unless_it_is_who_answers) {
  EXPECT_EQ(verdict("SSE-RESP-11", always({})), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-11", with_lines(typed("text/event-stream"))), Verdict::warn);
  EXPECT_EQ(verdict("SSE-RESP-11", with_lines(typed("text/event-stream") + "Server: nginx/1.22")),
            Verdict::info);
  EXPECT_EQ(verdict("SSE-RESP-11", with_lines(good_lines + "Server: nginx")), Verdict::warn);
}

std::string frame(char type, char flags, char stream, std::string const& payload) {
  return std::string{0, 0, static_cast<char>(payload.size()), type, flags, 0, 0, 0, stream} +
         payload;
}

// Reads frames, all shorter than 256 bytes, until one of this type.
void await_frame(Peer& peer, char type) {
  std::string bytes;
  std::size_t at = std::string_view("SM\r\n\r\n").size();  // the end of the preface
  while (true) {
    while (bytes.size() >= at + 9) {
      if (bytes[at + 3] == type) return;
      at += 9 + static_cast<unsigned char>(bytes[at + 2]);
    }
    auto const more = peer.receive(5);
    if (more.empty()) return;
    bytes += more;
  }
}

// An answer on HTTP/2 with :status 200 and one more field; on HTTP/1.1 a faultless stream.
ScriptedServer::Talk http2_with(std::string const& name, std::string const& value) {
  return each_request([=](Peer& peer, Asked const& asked) {
    if (asked.method != "PRI") return give(peer, asked, {});
    constexpr char headers = 1, settings = 4, end_headers = 4;
    peer.send(frame(settings, 0, 0, ""));
    await_frame(peer, headers);
    auto const literal = [](std::string const& text) {
      return static_cast<char>(text.size()) + text;
    };
    // Indexed field 8 is :status 200; 0 begins a literal field that is not indexed (RFC 7541 6).
    auto const block = "\x88" + std::string(1, '\0') + literal(name) + literal(value);
    peer.send(frame(headers, end_headers, 1, block));
    peer.hold();
  });
}

TEST(SseResponse, R24_fields_of_a_connection_over_http2_fail) {
  EXPECT_EQ(verdict("SSE-RESP-24", http2_with("content-type", "text/event-stream")), Verdict::pass);
  for (auto const* name : {"connection", "transfer-encoding", "Content-Type"}) {
    auto const finding = checked("SSE-RESP-24", http2_with(name, "x"));
    EXPECT_EQ(finding.verdict, Verdict::fail) << name;
    EXPECT_EQ(finding.seen, quoted(name) + ": \"x\"");
  }
  EXPECT_EQ(verdict("SSE-RESP-24", always({})), Verdict::skip);
}

TEST(SseResponse, R24_http2_is_chosen_by_alpn_behind_tls) {
  ScriptedServer const server(http2_with("keep-alive", "timeout=5"));
  TlsFront const front(server, "h2");
  auto over_tls = given(server);
  over_tls.url = front.url();
  EXPECT_EQ(checked("SSE-RESP-24", over_tls).verdict, Verdict::fail);
  TlsFront const old_front(server, "http/1.1");
  over_tls.url = old_front.url();
  EXPECT_EQ(checked("SSE-RESP-24", over_tls).verdict, Verdict::skip);
  EXPECT_EQ(checked("SSE-RESP-01", over_tls).verdict, Verdict::pass);
}

TEST(SseResponse, R26_a_204_with_a_length_or_a_body_fails) {
  EXPECT_EQ(verdict("SSE-RESP-26", always({})), Verdict::info);
  EXPECT_EQ(verdict("SSE-RESP-26", always(plain("204 No Content"))), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-26", always(plain("204 No Content", {"Content-Length: 0"}))),
            Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-26", each_request([](Peer& peer, Asked const&) {
                      peer.send_head("204 No Content");
                      peer.send("data: no\n\n");
                    })),
            Verdict::fail);
}

ScriptedServer::Talk redirecting(std::string const& location) {
  return answering([location](Asked const& asked) {
    return asked.target.starts_with("/there") ? Answer{}
                                              : plain("302 Found", {"Location: " + location});
  });
}

TEST(SseResponse, R27_redirects_that_lead_to_no_stream_fail) {
  EXPECT_EQ(verdict("SSE-RESP-27", always({})), Verdict::skip);
  EXPECT_EQ(verdict("SSE-RESP-27", redirecting("/there")), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-27", redirecting("/loop")), Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-27", redirecting("")), Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-27", redirecting("ftp://host/x")), Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-27", answering([](Asked const& asked) {
                      return asked.target == "/gone" ? plain("404 Not Found")
                                                     : plain("307 T", {"Location: /gone"});
                    })),
            Verdict::fail);
}

TEST(SseResponse, R28_a_token_in_a_redirect_is_a_warning) {
  EXPECT_EQ(verdict("SSE-RESP-28", always({})), Verdict::skip);
  EXPECT_EQ(verdict("SSE-RESP-28", redirecting("/there?events=a")), Verdict::pass);
  EXPECT_EQ(verdict("SSE-RESP-28", redirecting("/there?a=b&Ticket=1")), Verdict::warn);
}

TEST(SseResponse, R34_what_libcurl_reads_otherwise_fails) {
  EXPECT_EQ(verdict("SSE-RESP-34", always({})), Verdict::pass);
  // libcurl takes the last of two; we, like the rules above, look at the first.
  EXPECT_EQ(verdict("SSE-RESP-34", with_lines(good_lines + "Content-Type: text/plain")),
            Verdict::fail);
  EXPECT_EQ(verdict("SSE-RESP-34", each_request([](Peer& peer, Asked const&) {
                      peer.begin_stream();
                      peer.send("nonsense\r\n");
                      peer.hold();
                    })),
            Verdict::fail);
}

}  // namespace
}  // namespace pushlab::conformance

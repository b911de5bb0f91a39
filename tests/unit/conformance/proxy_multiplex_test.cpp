#include <gtest/gtest.h>

#include <set>

#include "tests/unit/conformance/proxied.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;

// A frame of HTTP/2 (RFC 9113 4.1).
std::string frame(char type, char flags, std::uint32_t stream, std::string const& payload = {}) {
  std::string bytes;
  for (int shift : {16, 8, 0}) bytes += static_cast<char>(payload.size() >> shift);
  bytes += {type, flags};
  for (int shift : {24, 16, 8, 0}) bytes += static_cast<char>(stream >> shift);
  return bytes + payload;
}

// The front of a proxy that answers each HTTP/2 stream itself: with an event at once, and with
// another one when one of them is cancelled, or, with the fault, with the end of the connection.
class H2Talk {
 public:
  H2Talk(Peer& peer, bool cancel_ends_all) : peer_(peer), cancel_ends_all_(cancel_ends_all) {}

  void run() {
    peer_.send(frame(settings, 0, 0));
    std::string bytes = peer_.receive(5);
    bytes.erase(0, std::string_view("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").size());
    while (going_) {
      while (bytes.size() >= 9 && bytes.size() >= 9 + size_of(bytes)) {
        take(bytes[3], stream_of(bytes));
        bytes.erase(0, 9 + size_of(bytes));
      }
      auto const more = peer_.receive(5);
      if (more.empty()) return;
      bytes += more;
    }
  }

 private:
  static constexpr char data = 0, headers = 1, rst_stream = 3, settings = 4, end_headers = 4;

  static std::uint32_t number(std::string const& bytes, std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + size; ++i)
      value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }
  static std::size_t size_of(std::string const& bytes) { return number(bytes, 0, 3); }
  static std::uint32_t stream_of(std::string const& bytes) { return number(bytes, 5, 4); }

  void take(char type, std::uint32_t stream) {
    if (type == headers) {
      streams_.insert(stream);
      peer_.send(frame(headers, end_headers, stream, "\x88"));  // :status 200
      peer_.send(frame(data, 0, stream, "data: first\n\n"));
    } else if (type == rst_stream) {
      streams_.erase(stream);
      going_ = !cancel_ends_all_;
      for (auto const other : streams_)
        if (going_) peer_.send(frame(data, 0, other, "data: second\n\n"));
    }
  }

  Peer& peer_;
  bool cancel_ends_all_;
  bool going_ = true;
  std::set<std::uint32_t> streams_;
};

Finding with_front(ScriptedServer::Talk talk) {
  ScriptedServer const front(std::move(talk));
  auto proxied = through();
  proxied.given.via->h2_front = Url::parse(front.url());
  return proxied.check("PROXY-16");
}

TEST(ProxyMultiplex, R16_a_cancel_that_ends_the_other_streams_fails) {
  EXPECT_EQ(with_front([](Peer& peer) { H2Talk(peer, false).run(); }).verdict, Verdict::pass);
  EXPECT_EQ(with_front([](Peer& peer) { H2Talk(peer, true).run(); }).verdict, Verdict::fail);
}

TEST(ProxyMultiplex, R16_a_front_that_does_not_speak_http_2_fails) {
  auto const old = [](Peer& peer) {
    peer.receive(5);
    peer.send_head("400 Bad Request", {"Content-Length: 0"});
  };
  EXPECT_EQ(with_front(old).verdict, Verdict::fail);
}

TEST(ProxyMultiplex, R16_a_proxy_without_such_a_front_is_not_judged) {
  EXPECT_EQ(through().check("PROXY-16").verdict, Verdict::skip);
}

}  // namespace
}  // namespace pushlab::conformance

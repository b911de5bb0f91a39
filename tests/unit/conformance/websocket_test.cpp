#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/conformance/testing/checked.hpp"
#include "tests/conformance/testing/scripted_process.hpp"
#include "tests/conformance/testing/scripted_websocket.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;
using Kind = WebSocketBreach::Kind;

Endpoint::Given socket_given(ScriptedServer const& server) {
  auto given_it = given(server);
  given_it.strategy = Strategy::websocket;
  return given_it;
}

Finding found(std::string const& id, ScriptedServer::Talk talk) {
  ScriptedServer const server(std::move(talk));
  return checked(id, socket_given(server));
}

Verdict verdict(std::string const& id, WebSocketScript script = {}) {
  return found(id, websocket(std::move(script))).verdict;
}

// For cases that wait several times for what does not come.
Verdict soon(std::string const& id, WebSocketScript script) {
  ScriptedServer const server(websocket(std::move(script)));
  auto endpoint = socket_given(server);
  endpoint.settings.answer_s = 0.3;
  endpoint.settings.websocket.refusal_s = 0.1;
  endpoint.settings.websocket.flood_s = 0.4;
  return checked(id, endpoint).verdict;
}

std::string bytes_of(unsigned opcode, std::string payload) {
  return WebSocketFrame{.opcode = opcode, .payload = std::move(payload), .masked = false}.bytes();
}

// Answers as if the request had been right in this field.
std::function<std::string(Asked const&)> as_if(std::string name, std::string value) {
  return [=](Asked asked) {
    std::erase_if(asked.fields, [&](Field const& field) { return same_text(field.name, name); });
    asked.fields.push_back({name, value});
    return handshake_answer(asked);
  };
}

std::function<std::string(Asked const&)> with_line(std::string line) {
  return [line = std::move(line)](Asked const& asked) {
    return handshake_answer(asked, line + "\r\n");
  };
}

TEST(WebSocket, a_faultless_server_passes) {
  for (auto const* id : {"WS-01", "WS-02", "WS-03", "WS-04", "WS-06", "WS-07", "WS-08", "WS-09",
                         "WS-10", "WS-11", "WS-12", "WS-13", "WS-19"}) {
    auto const finding = found(id, websocket());
    EXPECT_EQ(finding.verdict, Verdict::pass) << id << ": " << finding.reason();
  }
}

TEST(WebSocket, W01_the_handshake_is_answered_by_the_letter) {
  EXPECT_EQ(verdict("WS-01", {.answer = as_if("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")}),
            Verdict::fail);
  EXPECT_EQ(verdict("WS-01", {.answer = with_line("Sec-WebSocket-Extensions: x-thing")}),
            Verdict::fail);
  EXPECT_EQ(verdict("WS-01", {.answer = with_line("Upgrade: websocket")}), Verdict::fail);
  auto const picky = [](Asked const& asked) {
    return asked.value("Upgrade") == "websocket" ? handshake_answer(asked)
                                                 : "HTTP/1.1 400 Bad Request\r\n\r\n";
  };
  EXPECT_EQ(verdict("WS-01", {.answer = picky}), Verdict::fail);
}

TEST(WebSocket, W02_other_versions_are_refused_and_13_is_named) {
  EXPECT_EQ(verdict("WS-02", {.answer = as_if("Sec-WebSocket-Version", "13")}), Verdict::fail);
  auto const older_too = [](Asked const& asked) {
    bool const draft = asked.value("Sec-WebSocket-Version") == "8";
    return draft ? as_if("Sec-WebSocket-Version", "13")(asked) : handshake_answer(asked);
  };
  EXPECT_EQ(verdict("WS-02", {.answer = older_too}), Verdict::warn);
  auto const nameless = [](Asked const&) -> std::string {
    return "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
  };
  EXPECT_EQ(verdict("WS-02", {.answer = nameless}), Verdict::warn);
}

TEST(WebSocket, W03_a_malformed_handshake_is_refused) {
  auto const key = as_if("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
  EXPECT_EQ(verdict("WS-03", {.answer = key}), Verdict::fail);
  EXPECT_EQ(verdict("WS-03", {.answer = as_if("Connection", "Upgrade")}), Verdict::fail);
  auto const broken = [](Asked const&) -> std::string {
    return "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";
  };
  EXPECT_EQ(verdict("WS-03", {.answer = broken}), Verdict::warn);
  ScriptedServer const silent([](Peer& peer) { peer.hold(); });
  auto endpoint = socket_given(silent);
  endpoint.settings.answer_s = 0.1;
  EXPECT_EQ(checked("WS-03", endpoint).verdict, Verdict::fail);
}

TEST(WebSocket, W04_the_subprotocol_is_an_offered_one) {
  EXPECT_EQ(verdict("WS-04", {.answer = with_line("Sec-WebSocket-Protocol: chat")}), Verdict::fail);
  auto const first = [](Asked const& asked) {
    auto const offered = split_list(asked.value("Sec-WebSocket-Protocol"), ',');
    return handshake_answer(
        asked, offered.empty() ? "" : "Sec-WebSocket-Protocol: " + offered.front() + "\r\n");
  };
  EXPECT_EQ(verdict("WS-04", {.answer = first}), Verdict::pass);
}

TEST(WebSocket, W05_foreign_origins_with_cookies_are_warned_about) {
  auto const answer = [](bool takes_cookie) {
    return [=](Asked const& asked) {
      bool const foreign = asked.value("Origin").find("attacker") != std::string::npos;
      return takes_cookie && !foreign ? handshake_answer(asked)
                                      : "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
    };
  };
  EXPECT_EQ(verdict("WS-05"), Verdict::warn);
  EXPECT_EQ(verdict("WS-05", {.answer = answer(true)}), Verdict::pass);
  EXPECT_EQ(verdict("WS-05", {.answer = answer(false)}), Verdict::skip);
}

TEST(WebSocket, W06_an_unmasked_frame_is_refused) {
  EXPECT_EQ(verdict("WS-06", {.overlooks = {Kind::mask}}), Verdict::fail);
}

TEST(WebSocket, W07_the_server_never_masks) {
  auto const masked = [](WebSocketFrame const& ping) {
    return WebSocketFrame{.opcode = Opcode::pong, .payload = ping.payload}.bytes();
  };
  EXPECT_EQ(verdict("WS-07", {.pong = masked}), Verdict::fail);
  auto const mute = [](WebSocketFrame const&) { return std::string(); };
  EXPECT_EQ(verdict("WS-07", {.pong = mute}), Verdict::skip);
}

TEST(WebSocket, W08_wrong_frames_are_refused_and_right_ones_are_not) {
  for (auto const kind : {Kind::reserved_bits, Kind::opcode, Kind::control, Kind::fragments})
    EXPECT_EQ(soon("WS-08", {.overlooks = {kind}}), Verdict::fail) << static_cast<int>(kind);
  // Fragments and pings between them are all the same to a server that ends at the first frame.
  auto const ends = [](Peer& peer, Asked const&) {
    peer.receive(20);
    peer.send(close_frame(1011));
    peer.end();
  };
  EXPECT_EQ(verdict("WS-08", {.talk = ends}), Verdict::warn);
}

TEST(WebSocket, W09_text_that_is_no_utf8_is_refused) {
  EXPECT_EQ(verdict("WS-09", {.overlooks = {Kind::utf8}}), Verdict::fail);
  EXPECT_EQ(verdict("WS-09", {.early = false}), Verdict::warn);
  // One that ends the connection wherever there is a byte beyond ASCII.
  auto const ascii_only = [](Peer& peer, Asked const&) {
    while (true) {
      auto const bytes = peer.receive(20);
      WebSocketReader reader(WebSocketReader::From::client);
      reader.feed(bytes, Clock::now());
      bool pinged = false;
      for (auto const& frame : reader.log().frames) {
        pinged = pinged || frame.opcode == Opcode::ping;
        bool const plain = std::all_of(frame.payload.begin(), frame.payload.end(),
                                       [](char c) { return static_cast<signed char>(c) >= 0; });
        if (frame.opcode == Opcode::binary || plain) continue;
        return peer.send(close_frame(1007));
      }
      if (bytes.empty()) return;
      if (pinged) peer.send(bytes_of(Opcode::pong, "still there?"));
    }
  };
  EXPECT_EQ(verdict("WS-09", {.talk = ascii_only}), Verdict::fail);
}

TEST(WebSocket, W10_closing_has_its_codes_and_its_end) {
  EXPECT_EQ(verdict("WS-10", {.overlooks = {Kind::close}}), Verdict::fail);
  EXPECT_EQ(verdict("WS-10", {.overlooks = {Kind::utf8}}), Verdict::fail);
  EXPECT_EQ(verdict("WS-10", {.ends = false}), Verdict::fail);
  auto const silent = [](WebSocketFrame const&) { return std::string(); };
  EXPECT_EQ(verdict("WS-10", {.closing = silent}), Verdict::fail);
  auto const generic = [](WebSocketFrame const&) { return close_frame(1000); };
  EXPECT_EQ(verdict("WS-10", {.closing = generic}), Verdict::warn);
  auto const talkative = [](WebSocketFrame const& close) {
    return bytes_of(Opcode::close, close.payload) + text_frame("one more thing");
  };
  EXPECT_EQ(verdict("WS-10", {.closing = talkative}), Verdict::fail);
}

TEST(WebSocket, W11_pings_are_answered_with_their_payload) {
  auto const empty = [](WebSocketFrame const&) { return bytes_of(Opcode::pong, ""); };
  EXPECT_EQ(verdict("WS-11", {.pong = empty}), Verdict::fail);
  auto const mute = [](WebSocketFrame const&) { return std::string(); };
  EXPECT_EQ(verdict("WS-11", {.pong = mute}), Verdict::fail);
  // Loses what comes in pieces, which has a marker as its payload.
  auto const hasty = [](WebSocketFrame const& ping) {
    return ping.payload.starts_with("mark-") ? "" : bytes_of(Opcode::pong, ping.payload);
  };
  EXPECT_EQ(verdict("WS-11", {.pong = hasty}), Verdict::fail);
}

TEST(WebSocket, W12_messages_are_bounded_before_they_come) {
  auto const patient = [](Peer& peer, Asked const&) { peer.hold(); };
  EXPECT_EQ(soon("WS-12", {.talk = patient}), Verdict::fail);
  // Notices when too much has come: warned about, unless it says 1009.
  auto const counts = [](unsigned code) {
    return [code](Peer& peer, Asked const&) {
      std::size_t got = 0;
      WebSocketReader head(WebSocketReader::From::client);
      for (auto bytes = peer.receive(20); !bytes.empty(); bytes = peer.receive(20)) {
        if (got == 0) head.feed(bytes, Clock::now());
        got += bytes.size();
        if (got > 50'000 || !head.log().breaches.empty()) break;
      }
      peer.send(close_frame(head.log().breaches.empty() ? code : 1002));
      while (!peer.receive(0.2).empty()) continue;
    };
  };
  EXPECT_EQ(soon("WS-12", {.talk = counts(1009)}), Verdict::pass);
  EXPECT_EQ(soon("WS-12", {.talk = counts(1011)}), Verdict::warn);
}

TEST(WebSocket, W12_memory_for_what_has_not_come_fails) {
  ScriptedServer const server(websocket());
  ScriptedProcess process;
  auto endpoint = socket_given(server);
  endpoint.process = {std::shared_ptr<void>(), &process};
  EXPECT_EQ(checked("WS-12", endpoint).verdict, Verdict::pass);
  process.rss = [rss = std::int64_t{0}]() mutable { return rss += 1 << 30; };
  EXPECT_EQ(checked("WS-12", endpoint).verdict, Verdict::fail);
  EXPECT_EQ(checked("WS-13", endpoint).verdict, Verdict::fail);
}

TEST(WebSocket, W13_a_flood_of_fragments_blocks_nothing) {
  EXPECT_EQ(verdict("WS-13", {.most_bytes = 1 << 30}), Verdict::pass);  // reads all of it
  auto const stuck = [](Peer& peer, Asked const&) { peer.hold(); };
  EXPECT_EQ(soon("WS-13", {.talk = stuck}), Verdict::fail);
}

TEST(WebSocket, W15_a_server_that_stops_says_so) {
  auto const with_farewell = [](std::string farewell) {
    std::atomic<bool> stopping = false;
    ScriptedServer const server(websocket({.talk = [&](Peer& peer, Asked const&) {
      while (!stopping)
        if (!peer.wait(0.01)) return;
      peer.send(farewell);
    }}));
    ScriptedProcess process;
    process.on_terminate = [&] { stopping = true; };
    auto endpoint = socket_given(server);
    endpoint.process = {std::shared_ptr<void>(), &process};
    return checked("WS-15", endpoint).verdict;
  };
  EXPECT_EQ(with_farewell(close_frame(1001)), Verdict::pass);
  EXPECT_EQ(with_farewell(close_frame(1012)), Verdict::pass);
  EXPECT_EQ(with_farewell(close_frame(1000)), Verdict::warn);
  EXPECT_EQ(with_farewell(""), Verdict::fail);
}

TEST(WebSocket, W17_a_peer_that_vanished_is_dropped) {
  auto const with_drop = [](double after_s, bool slow) {
    ScriptedServer const server(
        websocket({.talk = [after_s](Peer& peer, Asked const&) { peer.wait(after_s); }}));
    auto endpoint = socket_given(server);
    endpoint.settings.answer_s = 0.2;
    endpoint.settings.slow = slow;
    return checked("WS-17", endpoint).verdict;
  };
  EXPECT_EQ(with_drop(0.1, true), Verdict::pass);
  EXPECT_EQ(with_drop(0.6, true), Verdict::warn);
  EXPECT_EQ(with_drop(20, true), Verdict::fail);
  EXPECT_EQ(with_drop(20, false), Verdict::warn);
}

TEST(WebSocket, W18_extended_connect_works_where_it_is_advertised) {
  using namespace std::string_literals;
  auto const advertised = "\0\0\6\4\0\0\0\0\0\0\x8\0\0\0\1"s;
  auto const answer = [&](std::string const& settings, std::string const& headers) {
    return found("WS-18",
                 [=](Peer& peer) {
                   peer.send(settings);
                   // The client's preface and SETTINGS come first, then the HEADERS of stream 1.
                   for (std::string got; got.find("\1\4\0\0\0\1"s) == std::string::npos;) {
                     auto const more = peer.receive(20);
                     if (more.empty()) return;
                     got += more;
                   }
                   peer.send(headers);
                   peer.hold();
                 })
        .verdict;
  };
  EXPECT_EQ(answer(advertised, "\0\0\1\1\4\0\0\0\1\x88"s), Verdict::pass);      // 200
  EXPECT_EQ(answer(advertised, "\0\0\1\1\5\0\0\0\1\x8d"s), Verdict::fail);      // 404
  EXPECT_EQ(answer(advertised, "\0\0\4\3\0\0\0\0\1\0\0\0\1"s), Verdict::fail);  // RST_STREAM
  EXPECT_EQ(answer("\0\0\0\4\0\0\0\0\0"s, ""), Verdict::skip);
  EXPECT_EQ(verdict("WS-18"), Verdict::skip);  // HTTP/1.1
}

TEST(WebSocket, W19_what_is_pipelined_is_not_lost) {
  auto const forgets = [](Peer& peer, Asked const&) {
    peer.receive(0.05);
    peer.hold();
  };
  EXPECT_EQ(soon("WS-19", {.talk = forgets}), Verdict::fail);
}

}  // namespace
}  // namespace pushlab::conformance

#include "tests/conformance/testing/scripted_websocket.hpp"

#include <fmt/format.h>

#include "tests/conformance/wire/sse_reader.hpp"
#include "tests/conformance/wire/websocket_peer.hpp"

namespace pushlab::conformance::testing {
namespace {

using Kind = WebSocketBreach::Kind;

std::string refusal(std::string_view status) {
  return fmt::format("HTTP/1.1 {}\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n",
                     status);
}

std::string from_server(unsigned opcode, std::string payload) {
  return WebSocketFrame{.opcode = opcode, .payload = std::move(payload), .masked = false}.bytes();
}

// The server's side of an open WebSocket.
class Session {
 public:
  Session(Peer& peer, WebSocketScript const& script, std::unique_ptr<MessageInflater> inflater)
      : peer_(peer), script_(script) {
    if (inflater) reader_.inflate_by(std::move(inflater));
  }

  void run() {
    while (!over_) {
      auto const bytes = peer_.receive(20);
      if (bytes.empty()) return;
      reader_.feed(bytes, Clock::now());
      while (!over_ && next_ < reader_.log().frames.size()) take(next_++);
      if (!over_) judge_unfinished();
    }
    if (script_.ends)
      peer_.end();
    else
      peer_.hold();
  }

 private:
  void take(std::size_t index) {
    auto const& frame = reader_.log().frames[index];
    for (auto const& breach : reader_.log().breaches) {
      if (breach.frame != index || script_.overlooks.contains(breach.kind)) continue;
      bool const about_text = breach.kind == Kind::utf8 || breach.kind == Kind::deflate;
      if (about_text && !frame.fin && !script_.early)
        bad_text_ = true;
      else
        return close(about_text ? 1007 : 1002);
    }
    if (bad_text_ && frame.fin && !frame.is_control()) return close(1007);
    if (frame.opcode == Opcode::ping)
      peer_.send(script_.pong ? script_.pong(frame) : from_server(Opcode::pong, frame.payload));
    if (frame.opcode == Opcode::close) {
      peer_.send(script_.closing ? script_.closing(frame)
                                 : from_server(Opcode::close, frame.payload));
      over_ = true;
    }
    if (!frame.is_control()) judge_size(frame);
  }

  void judge_size(WebSocketFrame const& frame) {
    message_bytes_ = (frame.opcode == Opcode::continuation ? message_bytes_ : 0) +
                     std::max<std::size_t>(frame.payload.size(), 1);
    auto const& messages = reader_.log().messages;
    auto const whole = frame.fin && !messages.empty() ? messages.back().payload.size() : 0;
    if (std::max(message_bytes_, whole) > script_.most_bytes) close(1009);
  }

  void judge_unfinished() {
    auto const frame = reader_.unfinished();
    if (!frame || frame->is_control()) return;
    if (*frame->announced > script_.most_bytes) return close(1009);
    if (frame->opcode == Opcode::text && find_bad_utf8(frame->payload) != std::string::npos &&
        frame->rsv == 0 && script_.early && !script_.overlooks.contains(Kind::utf8))
      close(1007);
  }

  void close(unsigned code) {
    peer_.send(close_frame(code));
    over_ = true;
  }

  Peer& peer_;
  WebSocketScript const& script_;
  WebSocketReader reader_{WebSocketReader::From::client};
  std::size_t next_ = 0;
  std::size_t message_bytes_ = 0;
  bool bad_text_ = false;  // to be said when the message has ended
  bool over_ = false;
};

}  // namespace

std::string handshake_answer(Asked const& asked, std::string const& more) {
  std::size_t keys = 0;
  for (auto const& field : asked.fields) keys += same_text(field.name, "Sec-WebSocket-Key") ? 1 : 0;
  bool const fits = asked.method == "GET" && asked.version == "HTTP/1.1" && keys == 1 &&
                    asked.value("Sec-WebSocket-Key").size() == 24 &&
                    lower(asked.value("Upgrade")) == "websocket" &&
                    lower(asked.value("Connection")).find("upgrade") != std::string::npos;
  if (!fits) return refusal("400 Bad Request");
  if (asked.value("Sec-WebSocket-Version") != "13") return refusal("426 Upgrade Required");
  return fmt::format(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: {}\r\n{}\r\n",
      websocket_accept(asked.value("Sec-WebSocket-Key")), more);
}

std::string close_frame(unsigned code) {
  return from_server(Opcode::close, close_payload(code));
}

std::string text_frame(std::string text) {
  return from_server(Opcode::text, std::move(text));
}

ScriptedServer::Talk websocket(WebSocketScript script) {
  return [script = std::move(script)](Peer& peer) {
    auto const asked = peer.read_request();
    if (!asked) return;
    auto const answer = script.answer ? script.answer(*asked) : handshake_answer(*asked);
    peer.send(answer);
    if (!answer.starts_with("HTTP/1.1 101")) return;
    if (script.greeting) script.greeting(peer);
    if (script.talk) return script.talk(peer, *asked);
    Session(peer, script, script.inflater ? script.inflater(answer) : nullptr).run();
  };
}

}  // namespace pushlab::conformance::testing

#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "tests/conformance/testing/scripted_server.hpp"
#include "tests/conformance/wire/websocket_reader.hpp"

namespace pushlab::conformance::testing {

// How a scripted WebSocket server differs from a faultless one that takes any message and answers
// none.
struct WebSocketScript {
  std::function<std::string(Asked const&)> answer = {};  // the head
  std::set<WebSocketBreach::Kind> overlooks = {};
  std::function<std::string(WebSocketFrame const& ping)> pong = {};
  std::function<std::string(WebSocketFrame const& close)> closing = {};
  bool ends = true;               // TCP, behind a close frame
  bool early = true;              // judges text before its message has ended
  std::size_t most_bytes = 4096;  // of a message
  // Behind a handshake with this answer; null: none can be read compressed.
  std::function<std::unique_ptr<MessageInflater>(std::string const& answer)> inflater = {};
  std::function<void(Peer&)> greeting = {};            // behind the handshake
  std::function<void(Peer&, Asked const&)> talk = {};  // instead of reading frames
};

// The right answer to a handshake, or what refuses it; `more` lines in a 101.
std::string handshake_answer(Asked const& asked, std::string const& more = {});
std::string close_frame(unsigned code);
std::string text_frame(std::string text);  // as a server sends it

ScriptedServer::Talk websocket(WebSocketScript script = {});

}  // namespace pushlab::conformance::testing

#pragma once

#include "tests/conformance/engine/endpoint.hpp"
#include "tests/conformance/wire/websocket_peer.hpp"

namespace pushlab::conformance {

// What a browser sends to open a WebSocket, with the endpoint's fields and a fresh key. No
// extension is offered.
Request upgrade_request(Endpoint const& endpoint);

// A WebSocket of one's own: throws Skip when the endpoint does not open it.
WebSocketPeer open_websocket(Endpoint& endpoint, Url const& url, Request const& request,
                             WebSocketPeer::Options const& options = {});
WebSocketPeer open_websocket(Endpoint& endpoint, Url const& url);
WebSocketPeer open_websocket(Endpoint& endpoint);  // on the quiet channel

// What one WebSocket got in settings().capture_s seconds, in which it pinged and, if there is a
// publisher, marked events were published. One a run. Throws Skip as open_websocket().
struct WebSocketCapture {
  Head head;
  WebSocketLog log;
  std::vector<std::string> markers;  // in the order in which they were accepted
};
std::shared_ptr<WebSocketCapture const> websocket_capture(Endpoint& endpoint);

}  // namespace pushlab::conformance

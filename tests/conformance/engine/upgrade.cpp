#include "tests/conformance/engine/upgrade.hpp"

namespace pushlab::conformance {
namespace {

constexpr int busy_events = 4;

WebSocketCapture capture(Endpoint& endpoint) {
  auto const channel = endpoint.channel();
  auto peer = open_websocket(endpoint, channel.url);
  peer.send({.opcode = Opcode::ping, .payload = "capture"}, endpoint.answer_deadline());
  std::vector<std::string> markers;
  auto const pause_s = endpoint.settings().capture_s / (busy_events + 1);
  for (int i = 0; i < busy_events && endpoint.has_publisher(); ++i) {
    markers.push_back(endpoint.marker());
    endpoint.publish(channel, markers.back());
    peer.listen(pause_s);
  }
  peer.listen(markers.empty() ? endpoint.settings().capture_s : pause_s);
  return {peer.head(), peer.log(), std::move(markers)};
}

}  // namespace

Request upgrade_request(Endpoint const& endpoint) {
  return endpoint.request()
      .with("Upgrade", "websocket")
      .with("Connection", "Upgrade")
      .with("Sec-WebSocket-Version", "13")
      .with("Sec-WebSocket-Key", websocket_key());
}

WebSocketPeer open_websocket(Endpoint& endpoint, Url const& url, Request const& request,
                             WebSocketPeer::Options const& options) {
  WebSocketPeer peer(url, request, endpoint.answer_deadline(), options);
  if (!peer.is_open())
    throw Skip("no WebSocket to judge, the answer is " + peer.head().status_line() + ": see WS-01");
  return peer;
}

WebSocketPeer open_websocket(Endpoint& endpoint, Url const& url) {
  return open_websocket(endpoint, url, upgrade_request(endpoint));
}

WebSocketPeer open_websocket(Endpoint& endpoint) {
  return open_websocket(endpoint, endpoint.url());
}

std::shared_ptr<WebSocketCapture const> websocket_capture(Endpoint& endpoint) {
  return endpoint.once<WebSocketCapture>("WebSocket capture",
                                         [&endpoint] { return capture(endpoint); });
}

}  // namespace pushlab::conformance

#include <fmt/format.h>

#include <boost/json.hpp>
#include <random>

#include "driver/http_stream.hpp"
#include "driver/raw_json.hpp"
#include "driver/tail_session.hpp"
#include "driver/websocket_link.hpp"
#include "loadgen/client/websocket_handshake.hpp"
#include "loadgen/client/websocket_reader.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace {

using Kind = loadgen::WebSocketMessage::Kind;
constexpr std::chrono::milliseconds reconnect_delay{3000};

class WebSocketTail {
 public:
  explicit WebSocketTail(TailSession& session)
      : session_(session), last_id_(session.request().last_event_id) {}

  // One connection from handshake to end; gives why it ended.
  std::string follow_once() {
    auto const& request = session_.request();
    auto const url =
        last_id_.empty() ? request.url : with_parameter(request.url, "lastEventId", last_id_);
    WebSocketLink link;
    connected_ = false;
    if (auto reason = link.connect(url, request.headers, session_); !reason.empty()) return reason;
    connected_ = true;
    loadgen::WebSocketReader reader;
    std::string bytes = link.take_early_bytes();
    while (!session_.over()) {
      std::string_view rest = bytes;
      while (auto const message = reader.next(rest)) {
        if (!take(*message, link)) return "the server closed";
      }
      if (reader.failed()) throw TailError(fmt::format("{}: {}", request.url, reader.error()));
      bytes.clear();
      if (link.receive(bytes, session_) == WebSocketLink::State::lost)
        return "the connection was lost";
    }
    link.send(frame(Kind::close, "\x03\xe8"));  // 1000, normal closure
    return {};
  }

  bool connected() const { return connected_; }

 private:
  std::string frame(Kind kind, std::string_view payload) {
    return loadgen::client_frame(kind, payload, static_cast<std::uint32_t>(random_()));
  }

  bool take(loadgen::WebSocketMessage const& message, WebSocketLink& link) {
    if (message.kind == Kind::close) {
      link.send(frame(Kind::close, message.payload.substr(0, 2)));
      return false;
    }
    if (message.kind == Kind::ping) link.send(frame(Kind::pong, message.payload));
    if (message.kind == Kind::text || message.kind == Kind::binary) print(message.payload);
    return true;
  }

  // {"event":..,"id":..,"data":..} is an event of that type; any other message is its own data.
  void print(std::string_view text) {
    boost::system::error_code error;
    auto const value = json::parse(text, error);
    auto const* object = error ? nullptr : value.if_object();
    auto const* type = object ? object->if_contains("event") : nullptr;
    if (!type || !type->is_string() || !object->contains("data"))
      return session_.event("message", text, last_id_);
    if (auto const* id = object->if_contains("id"); id && id->is_string())
      last_id_ = id->get_string().c_str();
    session_.event(type->get_string().c_str(), *raw_member(text, "data"), last_id_);
  }

  TailSession& session_;
  std::string last_id_;
  bool connected_ = false;
  std::random_device random_;
};

}  // namespace

void tail_websocket(TailSession& session) {
  auto const& request = session.request();
  WebSocketTail tail(session);
  while (!session.over()) {
    auto const reason = tail.follow_once();
    if (session.over()) return;
    if (request.once && !tail.connected())
      throw TailError(fmt::format("{}: {}", request.url, reason));
    if (request.once) return;
    session.reconnect_after(reconnect_delay, reason);
  }
}

}  // namespace pushlab::driver

#include "servers/websocketpp/websocketpp_endpoint.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/config/asio_no_tls.hpp>
#include <websocketpp/server.hpp>

#include "servers/event/utf8.hpp"

namespace pushlab::server {
namespace {

// One thread has the endpoint, so nothing is locked; nothing is logged; permessage-deflate is off
// as in the library's own default. A client that listens sends pongs only, and every connection
// keeps a read buffer of the size below for as long as it lives (the library's default is 16 KiB).
struct Config : websocketpp::config::asio {
  using type = Config;
  using concurrency_type = websocketpp::concurrency::none;
  using elog_type = websocketpp::log::basic<concurrency_type, websocketpp::log::elevel>;
  using alog_type = websocketpp::log::basic<concurrency_type, websocketpp::log::alevel>;
  static websocketpp::log::level const elog_level = websocketpp::log::elevel::none;
  static websocketpp::log::level const alog_level = websocketpp::log::alevel::none;
  static std::size_t const connection_read_buffer_size = 2048;
  static std::size_t const max_http_body_size = 8U << 10;

  struct transport_config : websocketpp::config::asio::transport_config {
    using concurrency_type = type::concurrency_type;
    using elog_type = type::elog_type;
    using alog_type = type::alog_type;
    static bool const enable_multithreading = false;
  };
  using transport_type = websocketpp::transport::asio::endpoint<transport_config>;

  struct connection_base {
    PeerKey peer = 0;
  };
};

using Server = websocketpp::server<Config>;
using Peer = Server::connection_ptr;
namespace error = websocketpp::error;

PeerEnd end_of(Peer const& peer) {
  namespace close = websocketpp::close::status;
  auto const code = peer->get_local_close_code();
  if (code == close::protocol_error || code == close::invalid_payload ||
      code == close::message_too_big)
    return PeerEnd::misbehaved;
  auto const ec = peer->get_ec();
  if (ec == error::open_handshake_timeout || ec == error::close_handshake_timeout)
    return PeerEnd::out_of_time;
  auto const is_bad_handshake =
      ec == error::http_parse_error || ec == error::invalid_uri || ec == error::invalid_version ||
      ec == error::unsupported_version ||
      ec.category() == websocketpp::processor::error::get_processor_category();
  return is_bad_handshake ? PeerEnd::misbehaved : PeerEnd::gone;
}

}  // namespace

struct WebsocketppEndpoint::Impl {
  Impl(boost::asio::io_context& loop, EndpointLimits limits, PeerEvents& listener)
      : io(loop), events(listener) {
    server.init_asio(&io);
    server.set_user_agent("");
    server.set_max_message_size(limits.message_bytes);
    server.set_open_handshake_timeout(limits.handshake_ms);
    server.set_close_handshake_timeout(limits.close_ms);
    using Handle = websocketpp::connection_hdl;
    server.set_open_handler(
        [this](Handle const& handle) { events.on_open(server.get_con_from_hdl(handle)->peer); });
    server.set_message_handler([this](Handle const& handle, Server::message_ptr const& message) {
      take(server.get_con_from_hdl(handle), *message);
    });
    server.set_pong_handler([this](Handle const& handle, std::string const&) {
      events.on_input(server.get_con_from_hdl(handle)->peer);
    });
  }

  // What a client says is not used, but must be right. The library asks only the last frame whether
  // it is text, and takes a character that is cut off in the last of several (RFC 6455, 8.1).
  void take(Peer const& peer, Config::message_type const& message) {
    if (message.get_opcode() == websocketpp::frame::opcode::text && !is_utf8(message.get_payload()))
      return peer->close(websocketpp::close::status::invalid_payload, "");
    events.on_input(peer->peer);
  }

  void on_end(PeerKey key, PeerEnd end) {
    peers[key].reset();
    events.on_end(key, end);
  }

  boost::asio::io_context& io;
  PeerEvents& events;
  Server server;
  std::vector<Peer> peers;  // by key
  Config::con_msg_manager_type::ptr messages = std::make_shared<Config::con_msg_manager_type>();
};

WebsocketppEndpoint::WebsocketppEndpoint(boost::asio::io_context& io, EndpointLimits limits,
                                         PeerEvents& events)
    : impl_(std::make_unique<Impl>(io, limits, events)) {}

WebsocketppEndpoint::~WebsocketppEndpoint() = default;

void WebsocketppEndpoint::adopt(PeerKey key, int fd, bool is_v6) {
  using boost::asio::ip::tcp;
  auto& peers = impl_->peers;
  if (peers.size() <= key) peers.resize(key + 1);
  auto const peer = impl_->server.get_connection();
  peers[key] = peer;
  peer->peer = key;
  boost::system::error_code bad;
  peer->get_raw_socket().assign(is_v6 ? tcp::v6() : tcp::v4(), fd, bad);
  if (bad) {
    ::close(fd);
    boost::asio::post(impl_->io, [this, key] { impl_->on_end(key, PeerEnd::gone); });
    return;
  }
  // The close and fail handlers between them say nothing of a connection that was plain HTTP.
  peer->set_termination_handler(
      [this](Peer const& ended) { impl_->on_end(ended->peer, end_of(ended)); });
  peer->start();
}

// A prepared message goes out as header and payload with nothing between and no look into either:
// so one message may hold several frames.
WebsocketppEndpoint::Message WebsocketppEndpoint::prepare(std::string_view frames) const {
  auto message = impl_->messages->get_message(websocketpp::frame::opcode::text, 0);
  message->set_prepared(true);
  message->set_header("");
  message->set_payload(frames.data(), frames.size());
  return message;
}

void WebsocketppEndpoint::send(PeerKey key, Message const& message) {
  impl_->peers[key]->send(std::static_pointer_cast<Config::message_type>(message));
}

void WebsocketppEndpoint::ping(PeerKey key) {
  websocketpp::lib::error_code not_open;
  impl_->peers[key]->ping("", not_open);
}

void WebsocketppEndpoint::close(PeerKey key, std::uint16_t code) {
  websocketpp::lib::error_code not_open;
  impl_->peers[key]->close(code, "", not_open);
}

void WebsocketppEndpoint::cut(PeerKey key, bool discard) {
  boost::asio::post(impl_->io, [peer = impl_->peers[key], discard] {
    if (discard) {
      linger const abort{1, 0};
      ::setsockopt(peer->get_raw_socket().native_handle(), SOL_SOCKET, SO_LINGER, &abort,
                   sizeof abort);
    }
    peer->terminate({});
  });
}

std::size_t WebsocketppEndpoint::waiting_bytes(PeerKey key) const {
  return impl_->peers[key]->get_buffered_amount();
}

}  // namespace pushlab::server

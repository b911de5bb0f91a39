#include "tests/conformance/wire/websocket_peer.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>

#include "tests/conformance/wire/head_reader.hpp"

namespace pushlab::conformance {
namespace {

template <std::size_t Size>
std::string base64(std::array<unsigned char, Size> const& bytes) {
  std::array<unsigned char, 4 * ((Size + 2) / 3) + 1> text{};
  auto const length = ::EVP_EncodeBlock(text.data(), bytes.data(), Size);
  return {reinterpret_cast<char const*>(text.data()), static_cast<std::size_t>(length)};
}

}  // namespace

std::string websocket_accept(std::string_view key) {
  auto const salted = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  ::SHA1(reinterpret_cast<unsigned char const*>(salted.data()), salted.size(), digest.data());
  return base64(digest);
}

std::string websocket_key() {
  std::array<unsigned char, 16> bytes{};
  ::RAND_bytes(bytes.data(), bytes.size());
  return base64(bytes);
}

WebSocketPeer::WebSocketPeer(Url const& url, Request const& request, Deadline const& deadline,
                             Options const& options)
    : connection_(std::make_unique<Connection>(url, deadline, options.connection)) {
  connection_->send(request.bytes(url) + options.behind_request, deadline);
  head_ = read_head(*connection_, deadline);
}

void WebSocketPeer::send(std::string_view bytes, Deadline const& deadline) {
  connection_->send(bytes, deadline);
}

bool WebSocketPeer::read(Deadline const& deadline, Enough const& enough) {
  while (true) {
    if (enough(log())) return true;
    if (ended_by_ != Arrival::Kind::nothing) return false;
    auto const arrival = connection_->receive(deadline);
    if (arrival.kind == Arrival::Kind::nothing) return false;
    if (arrival.kind == Arrival::Kind::bytes) {
      auto const before = log().frames.size();
      reader_.feed(arrival.bytes, arrival.at);
      if (answers_pings) answer_pings(before);
    } else {
      ended_by_ = arrival.kind;
      ended_at_ = arrival.at;
    }
  }
}

void WebSocketPeer::answer_pings(std::size_t from) {
  for (auto i = from; i < log().frames.size(); ++i) {
    auto const& frame = log().frames[i];
    if (frame.opcode != Opcode::ping) continue;
    try {
      send(WebSocketFrame{.opcode = Opcode::pong, .payload = frame.payload}, Deadline::in(1));
    } catch (WireError const&) {
      // Gone, or not reading: what follows will show it.
    }
  }
}

WebSocketMessage const* WebSocketPeer::await(std::string_view text, Deadline const& deadline) {
  read(deadline, [text](WebSocketLog const& log) { return log.find(text) != nullptr; });
  return log().find(text);
}

void WebSocketPeer::listen(double seconds) {
  read(Deadline::in(seconds), [](WebSocketLog const&) { return false; });
}

std::optional<unsigned> WebSocketPeer::close_code() const {
  auto const* close = log().close();
  if (!close) return {};
  return close_code_in(close->payload);
}

std::string WebSocketPeer::ending() const {
  auto const code = close_code();
  auto text = !code            ? std::string("no close frame")
              : *code == 1005U ? std::string("a close frame without a code")
                               : fmt::format("close frame {}", *code);
  switch (ended_by_) {
    case Arrival::Kind::end:
      return text + ", end of TCP";
    case Arrival::Kind::reset:
      return text + ", TCP reset";
    default:
      return text + ", TCP open";
  }
}

}  // namespace pushlab::conformance

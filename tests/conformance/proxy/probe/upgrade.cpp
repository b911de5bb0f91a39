#include "tests/conformance/proxy/probe/upgrade.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <memory>

#include "tests/conformance/proxy/probe/signal.hpp"
#include "tests/conformance/wire/connection.hpp"
#include "tests/conformance/wire/head_reader.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::string_view key = "cHVzaGxhYi1jb25mb3JtIQ==";

Origin::Talk echo(std::shared_ptr<Signal<std::string>> offered) {
  return [offered](Peer& peer, Asked const& asked) {
    if (!accept_upgrade(peer, asked)) return;
    offered->set(asked.value("Sec-WebSocket-Extensions"));
    for (auto bytes = peer.receive(20); !bytes.empty(); bytes = peer.receive(20)) peer.send(bytes);
  };
}

// A masked text frame with RSV1, a fragment, a ping, and the longest header: nothing that a proxy
// has any business to change.
std::string frames() {
  using namespace std::string_literals;
  return "\xc1\x85\x01\x02\x03\x04"s + "abcde" + "\x01\x81\x01\x02\x03\x04"s + "f" +
         "\x89\x80\x01\x02\x03\x04"s + "\x80\xff\0\0\0\0\0\0\x01\0\x05\x06\x07\x08"s +
         std::string(256, 'g');
}

std::string receive_all(Connection& connection, std::size_t size, Deadline const& deadline) {
  std::string bytes;
  while (bytes.size() < size) {
    auto const arrival = connection.receive(deadline);
    if (arrival.kind != Arrival::Kind::bytes) break;
    bytes += arrival.bytes;
  }
  return bytes;
}

}  // namespace

bool Upgrade::passed() const {
  return reached && right_accept && same_bytes && offered == extension_offer &&
         agreed == extension_answer;
}

Request handshake(Request request) {
  request.without("Accept").without("Cache-Control");
  return request.with("Upgrade", "websocket")
      .with("Connection", "Upgrade")
      .with("Sec-WebSocket-Version", "13")
      .with("Sec-WebSocket-Key", std::string(key));
}

std::string accept_value(std::string const& sent_key) {
  auto const text = sent_key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> hash{};
  ::SHA1(reinterpret_cast<unsigned char const*>(text.data()), text.size(), hash.data());
  std::array<unsigned char, 32> coded{};
  auto const size = ::EVP_EncodeBlock(coded.data(), hash.data(), hash.size());
  return {reinterpret_cast<char const*>(coded.data()), static_cast<std::size_t>(size)};
}

bool accept_upgrade(Peer& peer, Asked const& asked) {
  auto const sent_key = asked.value("Sec-WebSocket-Key");
  if (!same_text(asked.value("Upgrade"), "websocket") || sent_key.empty()) {
    peer.send_head("426 Upgrade Required", {"Upgrade: websocket", "Content-Length: 0"});
    return false;
  }
  std::vector<std::string> lines{"Upgrade: websocket", "Connection: Upgrade",
                                 "Sec-WebSocket-Accept: " + accept_value(sent_key)};
  if (asked.has("Sec-WebSocket-Extensions"))
    lines.push_back(fmt::format("Sec-WebSocket-Extensions: {}", extension_answer));
  peer.send_head("101 Switching Protocols", lines);
  return true;
}

Upgrade try_upgrade(Origin& origin, Url const& front, Deadline const& deadline) {
  auto const offered = std::make_shared<Signal<std::string>>();
  auto const url = at(front, origin.serve(echo(offered)));
  Upgrade upgrade;
  try {
    Connection connection(url, deadline);
    auto const request =
        handshake({}).with("Sec-WebSocket-Extensions", std::string(extension_offer));
    connection.send(request.bytes(url), deadline);
    auto const head = read_head(connection, deadline);
    upgrade.answer = head.status_line();
    upgrade.right_accept = head.value("Sec-WebSocket-Accept") == accept_value(std::string(key));
    upgrade.agreed = head.value("Sec-WebSocket-Extensions");
    if (head.status == 101) {
      connection.send(frames(), deadline);
      upgrade.same_bytes = receive_all(connection, frames().size(), deadline) == frames();
    }
  } catch (WireError const& error) {
    if (upgrade.answer.empty()) upgrade.answer = error.what();
  }
  auto const seen = offered->wait(0);
  upgrade.reached = seen.has_value();
  upgrade.offered = seen.value_or("");
  return upgrade;
}

}  // namespace pushlab::conformance

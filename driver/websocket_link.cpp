#include "driver/websocket_link.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <random>

#include "driver/http_stream.hpp"
#include "loadgen/client/http_response.hpp"
#include "loadgen/client/websocket_handshake.hpp"

namespace pushlab::driver {
namespace {

// ws to http and wss to https: only the handshake differs, and that is ours.
std::string as_http(std::string const& url) {
  if (url.starts_with("ws://") || url.starts_with("wss://")) return "http" + url.substr(2);
  if (url.starts_with("http://") || url.starts_with("https://")) return url;
  throw TailError(url + ": not a WebSocket URL: write ws://HOST:PORT/PATH");
}

struct UrlParts {
  std::string host;    // with the port when the URL has one
  std::string target;  // path and query
};

UrlParts parts_of(std::string const& url) {
  auto const host = url.find("://") + 3;
  auto const path = std::min(url.find_first_of("/?#", host), url.size());
  auto target = url.substr(path, url.find('#', path) - path);
  if (!target.starts_with('/')) target.insert(0, "/");
  auto authority = url.substr(host, path - host);
  return {authority.substr(authority.rfind('@') + 1), target};  // npos + 1 is 0
}

bool wait_for(curl_socket_t socket, short events, std::chrono::milliseconds timeout) {
  pollfd wait{socket, events, 0};
  return ::poll(&wait, 1, static_cast<int>(timeout.count())) > 0;
}

curl_socket_t socket_of(CURL* easy) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket);
  return socket;
}

}  // namespace

std::string WebSocketLink::connect(std::string const& url, std::vector<std::string> const& headers,
                                   TailSession const& session) {
  auto const http_url = as_http(url);
  easy_.reset(curl_easy_init());
  curl_easy_setopt(easy_.get(), CURLOPT_URL, http_url.c_str());
  curl_easy_setopt(easy_.get(), CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy_.get(), CURLOPT_CONNECTTIMEOUT, 10L);
  curl_easy_setopt(easy_.get(), CURLOPT_NOSIGNAL, 1L);
  // A WebSocket over HTTP/2 would be another handshake (RFC 8441): do not let ALPN choose it.
  curl_easy_setopt(easy_.get(), CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  if (auto const code = curl_easy_perform(easy_.get()); code != CURLE_OK)
    return curl_easy_strerror(code);
  return shake_hands(http_url, headers, session);
}

std::string WebSocketLink::shake_hands(std::string const& url,
                                       std::vector<std::string> const& headers,
                                       TailSession const& session) {
  std::random_device random;
  auto const key = loadgen::websocket_key((std::uint64_t{random()} << 32) | random(),
                                          (std::uint64_t{random()} << 32) | random());
  auto const [host, target] = parts_of(url);
  auto request = fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: {}\r\nSec-WebSocket-Version: 13\r\n",
      target, host, key);
  for (auto const& header : headers) request += header + "\r\n";
  if (send(request + "\r\n") == State::lost) return "the connection was lost in the handshake";

  loadgen::HttpResponse response;
  std::string bytes;
  auto const patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!response.has_head() && !response.failed()) {
    bytes.clear();
    if (receive(bytes, session) == State::lost) return "the connection ended in the handshake";
    if (session.over() || std::chrono::steady_clock::now() > patience)
      return "no answer to the handshake";
    std::string_view rest = bytes;
    response.next(rest);
    early_ = rest;
  }
  if (response.failed()) return "the answer to the handshake is not HTTP";
  if (response.status() != 101)
    throw TailError(
        fmt::format("{}: status {} instead of 101: check the URL", url, response.status()));
  auto const accept = response.header("Sec-WebSocket-Accept");
  if (!accept || *accept != loadgen::websocket_accept(key))
    throw TailError(url + ": wrong Sec-WebSocket-Accept: this is not a WebSocket server");
  return {};
}

WebSocketLink::State WebSocketLink::receive(std::string& bytes, TailSession const& session) {
  auto const timeout = std::min(session.left(), std::chrono::milliseconds(1000));
  std::array<char, 16384> chunk{};
  for (int tries = 0; tries < 2; ++tries) {
    std::size_t size = 0;
    auto const code = curl_easy_recv(easy_.get(), chunk.data(), chunk.size(), &size);
    if (code == CURLE_OK && size > 0) {
      bytes.append(chunk.data(), size);
      return State::open;
    }
    if (code != CURLE_AGAIN) return State::lost;
    if (tries == 0) wait_for(socket_of(easy_.get()), POLLIN, timeout);
  }
  return State::open;
}

WebSocketLink::State WebSocketLink::send(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t size = 0;
    auto const code = curl_easy_send(easy_.get(), bytes.data(), bytes.size(), &size);
    if (code == CURLE_AGAIN) {
      if (!wait_for(socket_of(easy_.get()), POLLOUT, std::chrono::seconds(10))) return State::lost;
      continue;
    }
    if (code != CURLE_OK) return State::lost;
    bytes.remove_prefix(size);
  }
  return State::open;
}

}  // namespace pushlab::driver

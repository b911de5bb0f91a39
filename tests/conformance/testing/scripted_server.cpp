#include "tests/conformance/testing/scripted_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

#include "tests/conformance/wire/head_reader.hpp"
#include "tests/conformance/wire/socket.hpp"

namespace pushlab::conformance::testing {
namespace {

constexpr double patience_s = 20;

}  // namespace

std::string Asked::value(std::string_view name) const {
  for (auto const& field : fields) {
    if (same_text(field.name, name)) return field.value;
  }
  return {};
}

bool Asked::has(std::string_view name) const {
  for (auto const& field : fields) {
    if (same_text(field.name, name)) return true;
  }
  return false;
}

Peer::~Peer() {
  ::close(descriptor_);
}

std::string Peer::receive(double within_s) {
  if (!read_ahead_.empty()) return std::exchange(read_ahead_, {});
  if (!wait_ready(descriptor_, POLLIN, Deadline::in(within_s))) return {};
  std::array<char, 16 * 1024> bytes{};
  auto const size = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
  return size > 0 ? std::string(bytes.data(), static_cast<std::size_t>(size)) : std::string();
}

std::optional<Asked> Peer::read_request() {
  std::string bytes;
  std::size_t end = std::string::npos;
  while ((end = bytes.find("\r\n\r\n")) == std::string::npos) {
    auto const more = receive(patience_s);
    if (more.empty()) return {};
    bytes += more;
  }
  read_ahead_ = bytes.substr(end + 4);
  Asked asked;
  asked.raw = bytes.substr(0, end + 4);
  auto const line = asked.raw.substr(0, asked.raw.find("\r\n"));
  auto const words = split_list(line, ' ');
  if (words.size() == 3) {
    asked.method = words[0];
    asked.target = words[1];
    asked.version = words[2];
  }
  // The fields of a request read like those of an answer.
  asked.fields = parse_head("HTTP/1.1 200 OK" + asked.raw.substr(line.size())).fields;
  return asked;
}

void Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    auto const sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Peer::send_head(std::string_view status, std::vector<std::string> const& lines) {
  auto head = fmt::format("HTTP/1.1 {}\r\n", status);
  for (auto const& line : lines) head += line + "\r\n";
  send(head + "\r\n");
}

void Peer::begin_stream(std::vector<std::string> const& more) {
  std::vector<std::string> lines{"Content-Type: text/event-stream",
                                 "Cache-Control: no-store, no-transform", "X-Accel-Buffering: no",
                                 "Transfer-Encoding: chunked"};
  lines.insert(lines.end(), more.begin(), more.end());
  send_head("200 OK", lines);
}

void Peer::send_chunk(std::string_view text) {
  send(fmt::format("{:x}\r\n{}\r\n", text.size(), text));
}

void Peer::send_last_chunk() {
  send("0\r\n\r\n");
}

bool Peer::wait(double seconds) {
  auto const deadline = Deadline::in(seconds);
  while (wait_ready(descriptor_, POLLIN, deadline)) {
    std::array<char, 16 * 1024> bytes{};
    auto const size = ::recv(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (size <= 0) return false;
    read_ahead_.append(bytes.data(), static_cast<std::size_t>(size));
  }
  return true;
}

void Peer::hold() {
  wait(patience_s);
}

void Peer::end() {
  ::shutdown(descriptor_, SHUT_WR);
}

void Peer::reset() {
  linger const now{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::shutdown(descriptor_, SHUT_RD);
}

void Peer::stop() {
  ::shutdown(descriptor_, SHUT_RDWR);
}

struct ScriptedServer::Line {
  explicit Line(int descriptor) : peer(std::make_unique<Peer>(descriptor)) {}
  std::unique_ptr<Peer> peer;  // null once the talk is over; changed under the mutex
  std::thread thread;
};

ScriptedServer::ScriptedServer(Talk talk, Begin when)
    : talk_(std::move(talk)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  std::signal(SIGPIPE, SIG_IGN);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  ::listen(listener_, 512);
  port_ = ntohs(address.sin_port);
  if (when == Begin::now) begin();
}

void ScriptedServer::begin() {
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
    for (auto& line : lines_) {
      if (line.peer) line.peer->stop();
    }
  }
  ::shutdown(listener_, SHUT_RDWR);  // ends a waiting accept()
  if (acceptor_.joinable()) acceptor_.join();
  for (auto& line : lines_) line.thread.join();
  ::close(listener_);
}

std::string ScriptedServer::url(std::string_view target) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, target);
}

void ScriptedServer::accept_all() {
  while (true) {
    int const client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    int const on = 1;
    ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ++connections_;
    std::lock_guard const lock(mutex_);
    auto& line = lines_.emplace_back(client);
    if (stopping_) line.peer->stop();
    line.thread = std::thread([this, &line, peer = line.peer.get()] {
      talk_(*peer);
      std::lock_guard const closing(mutex_);
      line.peer.reset();
    });
  }
}

ScriptedServer::Talk each_request(std::function<void(Peer&, Asked const&)> answer) {
  return [answer = std::move(answer)](Peer& peer) {
    while (auto const asked = peer.read_request()) answer(peer, *asked);
  };
}

}  // namespace pushlab::conformance::testing

#include "tests/unit/loadgen/push_server.hpp"

#include <fmt/core.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "loadgen/client/websocket_handshake.hpp"
#include "loadgen/loop/clock.hpp"

namespace pushlab::loadgen {

namespace {

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const size = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

std::string answer(int status, std::string_view body, std::string_view headers = "") {
  return fmt::format("HTTP/1.1 {} X\r\n{}Content-Length: {}\r\n\r\n{}", status, headers,
                     body.size(), body);
}

std::string after(std::string const& text, std::string_view mark, std::string_view ends) {
  auto const at = text.find(mark);
  if (at == std::string::npos) return {};
  auto const begin = at + mark.size();
  return text.substr(begin, text.find_first_of(ends, begin) - begin);
}

std::string text_frame(std::string const& text) {
  std::string out = "\x81";
  if (text.size() < 126) {
    out += static_cast<char>(text.size());
  } else {
    out += '\x7e';
    out += static_cast<char>(text.size() >> 8);
    out += static_cast<char>(text.size());
  }
  return out + text;
}

bool is_odd(std::string const& head) {
  auto const has = [&](std::string_view line) { return head.find(line) != std::string::npos; };
  return !has("\r\nAccept: text/event-stream\r\n") || !has("\r\nCache-Control: no-cache\r\n") ||
         has("Last-Event-ID: \r\n");
}

}  // namespace

PushServer::PushServer(Faults faults)
    : faults_(faults),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      wake_(::eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), generic, length) != 0 || ::listen(listener_.get(), 1024) != 0 ||
      ::getsockname(listener_.get(), generic, &length) != 0) {
    throw std::runtime_error("the test server cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

PushServer::~PushServer() {
  std::uint64_t const one = 1;
  [[maybe_unused]] auto const written = ::write(wake_.get(), &one, sizeof one);
  thread_.join();
}

std::string PushServer::url(std::string_view path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

void PushServer::run() {
  while (true) {
    std::vector<pollfd> waits{{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    for (auto const& [fd, peer] : peers_) waits.push_back({fd, POLLIN, 0});
    ::poll(waits.data(), waits.size(), -1);
    if (waits[0].revents != 0) return;
    if (waits[1].revents != 0) {
      auto const fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
      if (fd >= 0) peers_[fd].socket = File(fd);
    }
    for (std::size_t i = 2; i < waits.size(); ++i) {
      auto const peer = peers_.find(waits[i].fd);
      if (waits[i].revents == 0 || peer == peers_.end()) continue;
      if (!serve(peer->second)) peers_.erase(peer);
    }
    if (faults_.cut_after == 0 || cut_done_ || events_.size() < faults_.cut_after) continue;
    cut_done_ = true;
    cut_ns_ = now_ns();
    std::erase_if(peers_, [](auto const& each) {
      return each.second.kind == "sse" || each.second.kind == "ws";
    });
  }
}

// False when the connection is over.
bool PushServer::serve(Peer& peer) {
  std::array<char, 4096> buffer{};
  auto const size = ::recv(peer.socket.get(), buffer.data(), buffer.size(), 0);
  if (size <= 0) return false;
  peer.input.append(buffer.data(), static_cast<std::size_t>(size));
  peer.is_client = peer.is_client || peer.input.starts_with("GET");
  if (peer.is_client) bytes_from_clients += static_cast<std::size_t>(size);
  if (peer.kind == "ws") {
    if ((peer.input[0] & 0x0f) == 10) ++pongs;
    peer.input.clear();
    return true;
  }
  for (auto end = peer.input.find("\r\n\r\n"); end != std::string::npos;
       end = peer.input.find("\r\n\r\n")) {
    auto const head = peer.input.substr(0, end + 2);
    auto const length = std::strtoul(after(head, "Content-Length: ", "\r").c_str(), nullptr, 10);
    if (peer.input.size() < end + 4 + length) return true;
    auto const body = peer.input.substr(end + 4, length);
    peer.input.erase(0, end + 4 + length);
    if (head.starts_with("GET")) {
      answer_get(peer, head);
    } else {
      least_spare = std::min(least_spare.load(), publishers() - 1);
      send_all(peer.socket.get(), answer(faults_.refuse_publish ? 503 : 202, R"({"seq":1})"));
      if (!faults_.refuse_publish) publish(body);
      if (faults_.close_after_publish) return false;
    }
  }
  return true;
}

int PushServer::publishers() const {
  return static_cast<int>(std::ranges::count_if(
      peers_, [](auto const& each) { return each.second.kind.empty() && !each.second.is_client; }));
}

void PushServer::send_to(Peer& peer, std::string_view bytes) {
  bytes_to_clients += bytes.size();
  send_all(peer.socket.get(), bytes);
}

void PushServer::answer_get(Peer& peer, std::string const& head) {
  if (faults_.refuse_clients) return send_to(peer, answer(503, "no"));
  auto const last_id = after(
      head, head.find("Last-Event-ID: ") != std::string::npos ? "Last-Event-ID: " : "lastEventId=",
      " \r&");
  if (!last_id.empty() && ++resumes == 1) first_back_ns = now_ns() - cut_ns_;
  auto const resume_at =
      last_id.empty() ? events_.size() : std::strtoul(last_id.c_str() + 2, nullptr, 10);
  if (head.starts_with("GET /events")) {
    peer.kind = "sse";
    if (is_odd(head)) ++odd_requests;
    send_to(
        peer,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        "10\r\nretry: 50\ndata: \r\n2\r\n\n\n\r\n");
  } else if (head.starts_with("GET /ws")) {
    peer.kind = "ws";
    send_to(peer,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
            "Upgrade\r\nSec-WebSocket-Accept: " +
                websocket_accept(after(head, "Sec-WebSocket-Key: ", "\r")) + "\r\n\r\n" +
                text_frame(R"({"event":"hello"})") + "\x89\x02hi");
  } else if (head.starts_with("GET /snapshot")) {
    send_to(peer, answer(200, snapshot()));
  } else {
    auto const since = after(head, "since=e-", " &\r");
    peer.since = since.empty() ? events_.size() : std::strtoul(since.c_str(), nullptr, 10);
    auto const etag = fmt::format("If-None-Match: \"{}\"", events_.size());
    if (head.find("wait=") != std::string::npos && peer.since == events_.size()) {
      peer.kind = "poll";
    } else if (head.find(etag) != std::string::npos) {
      send_to(peer, "HTTP/1.1 304 Not Modified\r\n\r\n");
    } else {
      answer_poll(peer);
    }
    return;
  }
  for (auto event = resume_at; event < events_.size(); ++event) deliver(peer, event);
}

void PushServer::answer_poll(Peer& peer) {
  auto body = fmt::format(R"({{"next":"e-{}","events":[)", events_.size());
  for (auto event = peer.since; event < events_.size(); ++event) {
    body += fmt::format(R"({}{{"id":"e-{}","data":{}}})", event == peer.since ? "" : ",", event + 1,
                        events_[event]);
  }
  peer.kind.clear();
  send_to(peer, answer(200, body + "]}", fmt::format("ETag: \"{}\"\r\n", events_.size())));
}

std::string PushServer::snapshot() {
  if (std::exchange(shown_, events_.size()) != events_.size() && faults_.snapshot_lags) {
    return last_snapshot_;
  }
  last_snapshot_ = fmt::format(R"({{"cursor":"e-{}","state":[)", events_.size());
  for (auto const& [key, value] : state_) last_snapshot_ += value + ',';
  return last_snapshot_ += "null]}";
}

void PushServer::publish(std::string const& body) {
  if (events_.empty()) bytes_to_clients = bytes_from_clients = 0;
  events_.push_back(body);
  state_[body.substr(0, body.find("\"data\""))] = body;
  auto const last = events_.size() - 1;
  for (auto& [fd, peer] : peers_) {
    if (peer.kind == "poll") answer_poll(peer);
    if (peer.kind != "sse" && peer.kind != "ws") continue;
    if (!faults_.swap_pairs) {
      deliver(peer, last);
    } else if (last % 2 == 1) {
      deliver(peer, last);
      deliver(peer, last - 1);
    }
  }
}

void PushServer::deliver(Peer& peer, std::size_t event) {
  ++deliveries_;
  if (faults_.drop_nth != 0 && deliveries_ % faults_.drop_nth == 0) return;
  auto body = events_[event];
  if (faults_.spoil_nth != 0 && deliveries_ % faults_.spoil_nth == 0) body.erase(100, 1);
  auto const sse = fmt::format("id: e-{}\nevent: db\ndata: {}\n\n", event + 1, body);
  auto const bytes =
      peer.kind == "sse"
          ? fmt::format("{:x}\r\n{}\r\n", sse.size(), sse)
          : text_frame(fmt::format(R"({{"event":"db","id":"e-{}","data":{}}})", event + 1, body));
  send_to(peer, bytes);
  if (faults_.repeat_nth != 0 && deliveries_ % faults_.repeat_nth == 0) send_to(peer, bytes);
}

}  // namespace pushlab::loadgen

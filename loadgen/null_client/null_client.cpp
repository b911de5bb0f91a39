#include "loadgen/null_client/null_client.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include "loadgen/loop/clock.hpp"
#include "loadgen/loop/endpoint.hpp"

namespace pushlab::loadgen {

namespace {

constexpr int patience_ms = 5000;
constexpr std::string_view get = "GET /events?events=t0 HTTP/1.1\r\nHost: null\r\n\r\n";

void await(int fd, short what) {
  pollfd waiting{fd, what, 0};
  if (::poll(&waiting, 1, patience_ms) != 1)
    throw std::runtime_error("the server did nothing for a null client within 5 s");
}

File connected(Endpoint const& server) {
  auto file = start_connect(server);
  if (file.is_open()) await(file.get(), POLLOUT);
  auto const error = file.is_open() ? connect_error(file.get()) : errno;
  if (error != 0)
    throw std::runtime_error(fmt::format("a null client cannot connect: {}", std::strerror(error)));
  return file;
}

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      await(fd, POLLOUT);
    } else {
      throw std::runtime_error(fmt::format("the server ended: {}", std::strerror(errno)));
    }
  }
}

// Of a descriptor that is ready; 0 when it was not, after all.
std::size_t receive(int fd, std::vector<char>& into) {
  auto const got = ::recv(fd, into.data(), into.size(), MSG_DONTWAIT);
  if (got > 0) return static_cast<std::size_t>(got);
  if (got < 0 && errno == EAGAIN) return 0;
  throw std::runtime_error("the server closed a connection of the null client");
}

// Up to the end of an SSE block. Two line feeds never end an HTTP head.
std::uint64_t read_block(int fd, std::vector<char>& scratch) {
  std::uint64_t bytes = 0;
  std::array<char, 2> last{};
  while (last != std::array{'\n', '\n'}) {
    await(fd, POLLIN);
    auto const got = receive(fd, scratch);
    bytes += got;
    if (got > 1) last[0] = scratch[got - 2];
    if (got == 1) last[0] = last[1];
    if (got > 0) last[1] = scratch[got - 1];
  }
  return bytes;
}

std::string post_of(unsigned payload_bytes) {
  std::string body = R"({"name":"t0","type":"update","id":1,"data":""})";
  body.insert(body.size() - 2, payload_bytes > body.size() ? payload_bytes - body.size() : 0, 'x');
  return fmt::format(
      "POST /notify HTTP/1.1\r\nHost: null\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      body.size(), body);
}

}  // namespace

NullClient::NullClient(std::string const& client_base, std::string const& ingest_base,
                       unsigned clients, unsigned payload_bytes)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      ingest_(connected(resolve(parse_url(ingest_base)))),
      post_(post_of(payload_bytes)),
      scratch_(std::size_t{1} << 16) {
  auto const server = resolve(parse_url(client_base));
  for (unsigned i = 0; i < clients; ++i) {
    clients_.push_back(connected(server));
    send_all(clients_.back().get(), get);
    read_block(clients_.back().get(), scratch_);  // the head and the greeting
  }
  publish();  // the one that shows how long an event is
  for (auto const& client : clients_) bytes_of_event_ = read_block(client.get(), scratch_);
  watch(ingest_.get());
  for (auto const& client : clients_) watch(client.get());
}

void NullClient::watch(int fd) {
  epoll_event event{EPOLLIN, {}};
  event.data.fd = fd;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
}

void NullClient::publish() {
  send_all(ingest_.get(), post_);
}

// The ingest's answers come with the events: who waited for them would find all of those at once.
void NullClient::take_what_came() {
  std::array<epoll_event, 256> ready;
  int const n =
      ::epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), patience_ms);
  if (n == 0) throw std::runtime_error("an event did not reach every null client within 5 s");
  for (int i = 0; i < n; ++i) {
    auto const fd = ready[static_cast<std::size_t>(i)].data.fd;
    auto const got = receive(fd, scratch_);
    if (fd != ingest_.get()) received_ += got;
  }
}

NullReading NullClient::read_for(double seconds, unsigned window) {
  NullReading reading;
  auto const round = bytes_of_event_ * clients_.size();
  received_ = 0;
  auto const cpu_before = thread_cpu_ns();
  auto const begin = now_ns();
  auto const end = begin + ns_from_s(seconds);
  auto const on_their_way = [&] { return reading.events - received_ / round; };
  while (now_ns() < end) {
    while (on_their_way() < window) {
      publish();
      ++reading.events;
    }
    take_what_came();
  }
  while (received_ < reading.events * round) take_what_came();
  reading.seconds = static_cast<double>(now_ns() - begin) / ns_per_s;
  reading.cpu_ns = thread_cpu_ns() - cpu_before;
  reading.bytes = received_;
  return reading;
}

}  // namespace pushlab::loadgen

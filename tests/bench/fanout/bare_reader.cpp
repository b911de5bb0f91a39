#include "tests/bench/fanout/bare_reader.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace pushlab::bench {
namespace {

double seconds(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

int connected(std::string const& base) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(base.substr(base.rfind(':') + 1))));
  int const fd = ::socket(AF_INET, SOCK_STREAM, 0);
  int const on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("the bare reader cannot connect to " + base);
  return fd;
}

class Reader {
 public:
  ~Reader() {
    for (int const fd : clients_) ::close(fd);
    ::close(epoll_);
    if (ingest_ >= 0) ::close(ingest_);
  }

  void connect(std::string const& client_base, std::string const& ingest_base, unsigned clients) {
    constexpr std::string_view request = "GET /events?events=t0 HTTP/1.1\r\nHost: bench\r\n\r\n";
    for (unsigned i = 0; i < clients; ++i) {
      clients_.push_back(connected(client_base));
      ::send(clients_.back(), request.data(), request.size(), MSG_NOSIGNAL);
      ::recv(clients_.back(), scratch_.data(), scratch_.size(), 0);  // the head and the hello
      watch(clients_.back());
    }
    ingest_ = connected(ingest_base);
    watch(ingest_);
  }

  // The answer is read with the events: who waited for it would find all of them there at once.
  void publish(std::string const& post) {
    ::send(ingest_, post.data(), post.size(), MSG_NOSIGNAL);
    to_receive_ = clients_.size() + 1;
  }

  // One event at each client; a frame of this size comes in one piece.
  void receive_everywhere() {
    std::array<epoll_event, 256> ready;
    while (to_receive_ > 0) {
      int const n = ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 5000);
      if (n == 0) throw std::runtime_error("an event did not reach the bare reader within 5 s");
      for (int i = 0; i < n; ++i)
        to_receive_ -= ::recv(ready[static_cast<std::size_t>(i)].data.fd, scratch_.data(),
                              scratch_.size(), MSG_DONTWAIT) > 0;
    }
  }

 private:
  void watch(int fd) {
    epoll_event event{EPOLLIN, {}};
    event.data.fd = fd;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  int epoll_ = ::epoll_create1(0);
  int ingest_ = -1;
  std::vector<int> clients_;
  std::size_t to_receive_ = 0;  // of this event, the publisher's answer included
  std::array<char, 65536> scratch_;
};

}  // namespace

BareReading read_barely(std::string const& client_base, std::string const& ingest_base,
                        unsigned clients, unsigned payload_bytes, double measure_s) {
  Reader reader;
  reader.connect(client_base, ingest_base, clients);
  std::string body = R"({"name":"t0","type":"update","id":1,"data":""})";
  body.insert(body.size() - 2, payload_bytes > body.size() ? payload_bytes - body.size() : 0, 'x');
  auto const post = fmt::format(
      "POST /notify HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      body.size(), body);
  BareReading reading;
  auto const end = seconds(CLOCK_MONOTONIC) + measure_s;
  auto const cpu_before = seconds(CLOCK_THREAD_CPUTIME_ID);
  while (seconds(CLOCK_MONOTONIC) < end) {
    reader.publish(post);
    reader.receive_everywhere();
    reading.events += clients;
  }
  reading.cpu_us_per_event =
      (seconds(CLOCK_THREAD_CPUTIME_ID) - cpu_before) * 1e6 / static_cast<double>(reading.events);
  return reading;
}

}  // namespace pushlab::bench

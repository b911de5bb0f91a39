// The floor under every push server here: accepts, and makes one send() per subscriber and event.
// A list of subscribers for each name, and no history, no heartbeats, no queue, no library: where a
// socket is full, it waits. What it costs is what the kernel and the load generator cost, and no
// server that makes one system call per delivery can be below it.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

constexpr std::string_view stream_head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
    "Connection: close\r\n\r\nevent: hello\ndata: {}\n\n";
constexpr std::string_view accepted_head = "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}";

int check(int result, char const* what) {
  if (result >= 0) return result;
  std::perror(what);
  std::exit(2);
}

int listen_anywhere(std::uint16_t& port) {
  int const fd = check(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
  int const on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  check(::bind(fd, reinterpret_cast<sockaddr*>(&address), size), "bind");
  check(::listen(fd, 4096), "listen");
  check(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  port = ntohs(address.sin_port);
  return fd;
}

// GET /events?events=a,b names them; "" when there is no query.
std::string_view names_in(std::string_view request) {
  auto const begin = request.find("events=");
  if (begin == std::string_view::npos || begin > request.find("\r\n")) return {};
  auto const names = request.substr(begin + 7);
  return names.substr(0, names.find_first_of(" &"));
}

// Of {"name":"a", ...}: it stands first in what the load generator writes.
std::string_view name_in(std::string_view notification) {
  constexpr std::string_view mark = "\"name\":\"";
  auto const begin = notification.find(mark);
  if (begin == std::string_view::npos) return {};
  auto const name = notification.substr(begin + mark.size());
  return name.substr(0, name.find('"'));
}

// All of it: there is no queue for what a socket does not take at once, so the server waits.
// Whoever does not read for a second is cut.
void send_all(int fd, std::string_view bytes) {
  constexpr int patience_ms = 1000;
  for (;;) {
    auto const sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent == static_cast<ssize_t>(bytes.size())) return;
    if (sent < 0 && errno != EAGAIN) return;  // the peer is gone: its socket says so, too
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    pollfd writable{fd, POLLOUT, 0};
    if (::poll(&writable, 1, patience_ms) <= 0) {
      ::shutdown(fd, SHUT_RDWR);
      return;
    }
  }
}

class Floor {
 public:
  Floor() : epoll_(check(::epoll_create1(0), "epoll_create1")) {
    std::uint16_t port = 0;
    listener_ = listen_anywhere(port);
    watch(listener_);
    std::printf(
        "{\"ready\":true,\"client\":\"http://127.0.0.1:%u\","
        "\"ingest\":\"http://127.0.0.1:%u\",\"pid\":%d}\n",
        port, port, ::getpid());
    std::fflush(stdout);
  }

  [[noreturn]] void run() {
    std::vector<epoll_event> events(1024);
    for (;;) {
      int const n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < n; ++i) {
        int const fd = events[static_cast<std::size_t>(i)].data.fd;
        fd == listener_ ? accept_all() : read(fd);
      }
    }
  }

 private:
  void watch(int fd) {
    epoll_event event{EPOLLIN, {}};
    event.data.fd = fd;
    check(::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
  }

  void accept_all() {
    for (int fd; (fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) watch(fd);
  }

  void close_peer(int fd) {
    ::close(fd);
    for (auto& [name, subscribers] : subscribers_) std::erase(subscribers, fd);
    if (static_cast<std::size_t>(fd) < input_.size()) input_[static_cast<std::size_t>(fd)].clear();
  }

  void read(int fd) {
    char bytes[65536];
    auto const n = ::recv(fd, bytes, sizeof bytes, 0);
    if (n <= 0) return close_peer(fd);
    if (input_.size() <= static_cast<std::size_t>(fd))
      input_.resize(static_cast<std::size_t>(fd) + 1);
    auto& input = input_[static_cast<std::size_t>(fd)];
    input.append(bytes, static_cast<std::size_t>(n));
    while (take_request(fd, input)) {
    }
  }

  bool take_request(int fd, std::string& input) {
    auto const head_end = input.find("\r\n\r\n");
    if (head_end == std::string::npos) return false;
    if (input.starts_with("GET ")) {
      ::send(fd, stream_head.data(), stream_head.size(), MSG_NOSIGNAL);
      subscribe(fd, names_in(input));
      input.clear();
      return false;
    }
    auto const field = input.find("Content-Length: ");
    auto const length =
        field < head_end ? std::strtoul(input.c_str() + field + 16, nullptr, 10) : 0;
    if (input.size() < head_end + 4 + length) return false;
    publish(std::string_view{input}.substr(head_end + 4, length));
    ::send(fd, accepted_head.data(), accepted_head.size(), MSG_NOSIGNAL);
    input.erase(0, head_end + 4 + length);
    return true;
  }

  void subscribe(int fd, std::string_view names) {
    while (true) {
      auto const end = names.find(',');
      subscribers_[std::string(names.substr(0, end))].push_back(fd);
      if (end == std::string_view::npos) return;
      names.remove_prefix(end + 1);
    }
  }

  void publish(std::string_view body) {
    frame_.assign("event: db\ndata: ").append(body).append("\n\n");
    name_.assign(name_in(body));
    auto const found = subscribers_.find(name_);
    if (found == subscribers_.end()) return;
    for (int const fd : found->second) send_all(fd, frame_);
  }

  int epoll_;
  int listener_;
  std::unordered_map<std::string, std::vector<int>> subscribers_;  // by name
  std::vector<std::string> input_;                                 // by file descriptor
  std::string frame_;
  std::string name_;
};

}  // namespace

int main() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  Floor{}.run();
}

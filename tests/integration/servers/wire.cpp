#include "tests/integration/servers/wire.hpp"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace pushlab::test {
namespace {

constexpr int deadline_ms = 10'000;

void wait_for(int fd, short what, char const* doing) {
  pollfd ready{fd, what, 0};
  if (::poll(&ready, 1, deadline_ms) != 1)
    throw std::runtime_error(std::string{"nothing within 10 s while "} + doing);
}

}  // namespace

Wire::Wire(std::uint16_t port, int receive_buffer, char const* from)
    : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  if (receive_buffer > 0)
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::inet_addr(from);
  int const on = 1;  // the port is chosen by connect(), which looks at both ends
  ::setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  ::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd_);
    throw std::runtime_error("cannot connect to port " + std::to_string(port));
  }
}

Wire::~Wire() {
  if (fd_ >= 0) ::close(fd_);
}

Wire::Wire(Wire&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), pending_(std::move(other.pending_)) {}

Wire& Wire::operator=(Wire&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(pending_, other.pending_);
  return *this;
}

std::size_t Wire::send_what_fits(std::string_view bytes) {
  auto const n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return n > 0 ? static_cast<std::size_t>(n) : 0;
}

void Wire::send(std::string_view bytes) {
  while (!bytes.empty()) {
    wait_for(fd_, POLLOUT, "sending");
    auto const n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN) throw std::runtime_error("the peer is gone while sending");
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

bool Wire::fill() {
  wait_for(fd_, POLLIN, ("reading behind \"" + pending_.substr(0, 200) + "\"").c_str());
  char bytes[16384];
  auto const n = ::recv(fd_, bytes, sizeof bytes, 0);
  if (n > 0) pending_.append(bytes, static_cast<std::size_t>(n));
  return n > 0;
}

std::string Wire::read(std::size_t size) {
  while (pending_.size() < size)
    if (!fill()) throw std::runtime_error("the stream ended behind \"" + pending_ + "\"");
  auto taken = pending_.substr(0, size);
  pending_.erase(0, size);
  return taken;
}

std::string Wire::read_until(std::string_view end) {
  std::size_t at;
  while ((at = pending_.find(end)) == std::string::npos)
    if (!fill()) throw std::runtime_error("the stream ended behind \"" + pending_ + "\"");
  return read(at + end.size());
}

std::string Wire::read_to_end() {
  while (fill()) {
  }
  return std::exchange(pending_, {});
}

bool Wire::wait_for_end() {
  try {
    read_to_end();
  } catch (std::runtime_error const&) {
    return false;
  }
  return true;
}

void Wire::go_silent() {
  sock_filter drop_all{BPF_RET | BPF_K, 0, 0, 0};
  sock_fprog const program{1, &drop_all};
  if (::setsockopt(fd_, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
    throw std::runtime_error("the kernel takes no filter");
}

std::string HttpAnswer::field(std::string const& name) const {
  auto const found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

HttpAnswer read_answer(Wire& wire, bool is_head) {
  HttpAnswer answer;
  answer.status = std::stoi(wire.read_until("\r\n").substr(9));
  for (std::string line; (line = wire.read_until("\r\n")) != "\r\n";) {
    auto const colon = line.find(':');
    auto name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    answer.fields[name] = line.substr(colon + 2, line.size() - colon - 4);
  }
  if (auto const length = answer.field("content-length"); !length.empty() && !is_head)
    answer.body = wire.read(std::stoul(length));
  return answer;
}

HttpAnswer ask(std::uint16_t port, std::string const& request, bool is_head) {
  Wire wire{port};
  wire.send(request);
  return read_answer(wire, is_head);
}

HttpAnswer get(std::uint16_t port, std::string const& target, std::string const& fields) {
  return ask(port, "GET " + target + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n");
}

HttpAnswer post(std::uint16_t port, std::string const& target, std::string const& body,
                std::string const& fields) {
  return ask(port, "POST " + target + " HTTP/1.1\r\nHost: test\r\n" + fields +
                       "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

std::uint64_t publish(std::uint16_t ingest_port, std::string const& notification) {
  auto const answer = post(ingest_port, "/notify", notification);
  if (answer.status != 202) throw std::runtime_error("refused: " + answer.body);
  return boost::json::parse(answer.body).at("seq").to_number<std::uint64_t>();
}

std::string note(std::string const& name, int id, std::string const& data) {
  return R"({"name":")" + name + R"(","type":"update","id":)" + std::to_string(id) +
         R"(,"data":")" + data + "\"}";
}

std::uint64_t metric(std::uint16_t ingest_port, std::string const& name) {
  auto const text = "\n" + get(ingest_port, "/metrics").body;
  auto const at = text.find("\n" + name + " ");
  if (at == std::string::npos) throw std::runtime_error("no metric " + name);
  return std::stoull(text.substr(at + name.size() + 2));
}

void wait_until(std::function<bool()> const& is_so, std::string const& what) {
  auto const deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds{deadline_ms};
  while (!is_so())
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("not within 10 s: " + what);
}

}  // namespace pushlab::test

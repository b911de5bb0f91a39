#include "loadgen/relay/relay.hpp"

#include <fmt/core.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace pushlab::loadgen {

namespace {

constexpr std::int64_t pause_without_files_ns = 50'000'000;
constexpr std::size_t ports_of_an_address = 25'000;

[[noreturn]] void fail(char const* what) {
  throw std::system_error(errno, std::system_category(), what);
}

}  // namespace

Relay::Relay(EventLoop& loop, RelayPlan const& plan, Endpoint const& to)
    : loop_(loop),
      plan_(plan),
      to_(to),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  if (!listener_.is_open()) fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), generic, sizeof address) != 0) fail("bind");
  if (::listen(listener_.get(), 65535) != 0) fail("listen");
  socklen_t length = sizeof address;
  if (::getsockname(listener_.get(), generic, &length) != 0) fail("getsockname");
  port_ = ntohs(address.sin_port);
  loop_.watch(listener_.get(), EPOLLIN, *this);
}

void Relay::on_ready(std::uint32_t) {
  while (true) {
    File client(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (client.is_open()) {
      take(std::move(client));
    } else if (errno == EMFILE || errno == ENFILE) {
      loop_.unwatch(listener_.get());
      return loop_.at(now_ns() + pause_without_files_ns, *this);
    } else if (errno != ECONNABORTED && errno != EINTR) {
      return;
    }
  }
}

void Relay::on_timer(std::int64_t, std::uint32_t) {
  loop_.watch(listener_.get(), EPOLLIN, *this);
}

void Relay::take(File client) {
  constexpr int on = 1;
  ::setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // Not the server's own address: while that is away, a connect could meet itself.
  auto const source =
      to_.is_loopback_v4() ? 2 + static_cast<unsigned>(open() / ports_of_an_address) : 0;
  if (free_.empty()) {
    connections_.emplace_back(loop_, plan_,
                              [this](RelayConnection& ended) { free_.push_back(&ended); });
    free_.push_back(&connections_.back());
  }
  auto& connection = *free_.back();
  free_.pop_back();
  connection.open(std::move(client), to_, source, taken_++);
}

std::string problem_of(RelayPlan const& plan) {
  if (!(plan.delay_ms >= 0 && plan.delay_ms <= 60'000))
    return fmt::format("the delay is {} ms: give 0 to 60000", plan.delay_ms);
  if (!(plan.jitter_ms >= 0 && plan.jitter_ms <= plan.delay_ms))
    return fmt::format("the jitter is {} ms: give 0 to the delay, {}", plan.jitter_ms,
                       plan.delay_ms);
  if (!(plan.loss >= 0 && plan.loss <= 1))
    return fmt::format("the loss is {}: give a share from 0 to 1", plan.loss);
  if (!(plan.rate_bytes_per_s >= 0))
    return fmt::format("the rate is {}: give bytes per second, 0 for no limit",
                       plan.rate_bytes_per_s);
  return {};
}

}  // namespace pushlab::loadgen

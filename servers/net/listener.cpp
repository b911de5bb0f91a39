#include "servers/net/listener.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <stdexcept>

#include "servers/http/response.hpp"

namespace pushlab::server {
namespace {

using boost::asio::ip::tcp;
constexpr auto result = boost::asio::as_tuple(boost::asio::use_awaitable);

tcp::endpoint endpoint_of(std::string const& address) {
  auto const colon = address.rfind(':');
  std::uint16_t port = 0;
  auto const end = address.data() + address.size();
  auto const digits = address.data() + (colon == std::string::npos ? address.size() : colon + 1);
  auto const [at, ec] = std::from_chars(digits, end, port);
  auto host = address.substr(0, colon == std::string::npos ? 0 : colon);
  if (host.size() > 1 && host.front() == '[') host = host.substr(1, host.size() - 2);
  boost::system::error_code bad;
  auto const ip = boost::asio::ip::make_address(host, bad);
  if (bad || ec != std::errc{} || at != end)
    throw std::runtime_error(fmt::format(
        "\"{}\" is no address to listen on; write ADDRESS:PORT, such as 127.0.0.1:8080.", address));
  return {ip, port};
}

// Every accepted socket inherits these from the listening one, so they cost no call each. A dead
// peer is given up after 30 s of unacknowledged bytes, which a heartbeat provokes; and the kernel
// takes no more than 128 KiB that it has not sent, so that the bound of the outbox means something.
void set_inherited_options(tcp::acceptor& acceptor) {
  auto const fd = acceptor.native_handle();
  int const on = 1, give_up_ms = 30'000, unsent_bytes = 128 << 10;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &give_up_ms, sizeof give_up_ms);
  ::setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_bytes, sizeof unsent_bytes);
}

// Without waiting for anything. What the client has sent already is thrown away, or closing would
// reset the connection before the answer is read.
void turn_away(Socket& socket, Response const& why) {
  Request request;
  request.keep_alive = false;
  auto const answer = to_wire(why, request);
  auto const fd = socket.native_handle();
  ::send(fd, answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  ::recv(fd, nullptr, 1U << 20, MSG_DONTWAIT | MSG_TRUNC);
  ::shutdown(fd, SHUT_WR);
}

}  // namespace

Listener::Listener(boost::asio::io_context& io, std::string const& address, std::vector<Home> homes,
                   Gate* gate)
    : io_(io), acceptor_(io), homes_(std::move(homes)), gate_(gate) {
  auto const endpoint = endpoint_of(address);
  try {
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    set_inherited_options(acceptor_);
    acceptor_.bind(endpoint);
    acceptor_.listen(4096);
  } catch (boost::system::system_error const& error) {
    throw std::runtime_error(
        fmt::format("Cannot listen on {}: {}.", address, error.code().message()));
  }
}

std::string Listener::url() const {
  auto const endpoint = acceptor_.local_endpoint();
  auto const host = endpoint.address().to_string();
  if (endpoint.address().is_v6()) return fmt::format("http://[{}]:{}", host, endpoint.port());
  return fmt::format("http://{}:{}", host, endpoint.port());
}

void Listener::start() {
  boost::asio::co_spawn(io_, accept_all(), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
}

void Listener::stop() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
}

boost::asio::awaitable<void> Listener::accept_all() {
  boost::asio::steady_timer pause{io_};
  for (std::size_t next = 0; acceptor_.is_open(); next = (next + 1) % homes_.size()) {
    auto const home = homes_[next];
    Socket socket{*home.io};
    tcp::endpoint peer;
    auto const [ec] = co_await acceptor_.async_accept(socket, peer, result);
    if (ec == boost::asio::error::operation_aborted || !acceptor_.is_open()) co_return;
    if (ec) {  // out of files or memory: the others go on, this one waits in the backlog
      pause.expires_after(std::chrono::milliseconds{50});
      co_await pause.async_wait(result);
      continue;
    }
    auto admitted = gate_ ? gate_->admit(peer) : Gate::Verdict{};
    if (auto const* refusal = std::get_if<Response>(&admitted)) {
      turn_away(socket, *refusal);
      continue;
    }
    boost::asio::dispatch(*home.io, [home, taken = std::move(socket),
                                     share = std::get<QuotaLease>(std::move(admitted))]() mutable {
      home.front->adopt(std::move(taken), std::move(share));
    });
  }
}

}  // namespace pushlab::server

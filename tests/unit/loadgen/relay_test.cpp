#include "loadgen/relay/relay.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <thread>

#include "loadgen/load.hpp"
#include "tests/unit/loadgen/push_server.hpp"

namespace pushlab::loadgen {
namespace {

constexpr double deadline_s = 10;

struct StopFile final : Waiter {
  StopFile(EventLoop& of, int fd) : loop(of) { loop.watch(fd, EPOLLIN, *this); }
  void on_ready(std::uint32_t) override { loop.stop(); }
  EventLoop& loop;
};

// A relay on a thread of its own before a listener of the test's.
class Relayed {
 public:
  explicit Relayed(RelayPlan const& plan, std::string const& to)
      : stop_(::eventfd(0, EFD_CLOEXEC)) {
    std::promise<std::uint16_t> port;
    auto const known = port.get_future().share();
    thread_ = std::thread([this, plan, to, &port] {
      EventLoop loop;
      StopFile const stop(loop, stop_.get());
      Relay relay(loop, plan, resolve(parse_url(to)));
      port.set_value(relay.port());
      loop.run();
      left_open = relay.open();
    });
    port_ = known.get();
  }
  ~Relayed() { end(); }
  void end() {
    if (!thread_.joinable()) return;
    std::uint64_t const one = 1;
    EXPECT_EQ(::write(stop_.get(), &one, sizeof one), 8);
    thread_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::size_t left_open = 0;

 private:
  File stop_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_.get(), generic, sizeof address), 0);
    EXPECT_EQ(::listen(socket_.get(), 4096), 0);
    socklen_t length = sizeof address;
    ::getsockname(socket_.get(), generic, &length);
    port_ = ntohs(address.sin_port);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  File accept() const;
  void close() { socket_.close(); }

 private:
  File socket_;
  std::uint16_t port_ = 0;
};

bool ready(int fd, short events) {
  pollfd wait{fd, events, 0};
  return ::poll(&wait, 1, static_cast<int>(deadline_s * 1000)) == 1;
}

File Listener::accept() const {
  if (!ready(socket_.get(), POLLIN)) return {};
  return File(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
}

File connect_to(std::string const& url) {
  auto file = start_connect(resolve(parse_url(url)));
  if (!file.is_open() || !ready(file.get(), POLLOUT)) return {};
  return file;
}

void say(File const& file, std::string_view text) {
  EXPECT_EQ(::send(file.get(), text.data(), text.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(text.size()));
}

// What comes next: bytes, "end", or "reset".
std::string hear(File const& file, std::size_t most = 4096) {
  if (!ready(file.get(), POLLIN)) return "nothing";
  std::string text(most, ' ');
  auto const size = ::recv(file.get(), text.data(), text.size(), 0);
  if (size == 0) return "end";
  if (size < 0) return errno == ECONNRESET ? "reset" : "error";
  text.resize(static_cast<std::size_t>(size));
  return text;
}

TEST(Relay, delays_each_direction_by_the_delay) {
  Listener listener;
  Relayed relay({20, 0, 0, 0, 1}, listener.url());
  auto const client = connect_to(relay.url());
  auto const server = listener.accept();
  std::vector<double> one_way_ms;
  for (int i = 0; i < 25; ++i) {
    auto const begin = now_ns();
    say(i % 2 == 0 ? client : server, "ping");
    EXPECT_EQ(hear(i % 2 == 0 ? server : client), "ping");
    one_way_ms.push_back(static_cast<double>(now_ns() - begin) / 1e6);
  }
  EXPECT_GE(one_way_ms.front(), 60) << "the first bytes wait for the handshake";
  auto const least_ms = std::ranges::min(one_way_ms);
  EXPECT_GE(least_ms, 20);
  EXPECT_LE(least_ms, 25);  // a busy machine is late, but not every time
}

TEST(Relay, shifts_the_measured_latency_by_its_delay) {
  PushServer server;
  LoadPlan plan;
  plan.client_url = server.url("/events?events={events}");
  plan.ingest.url = server.url("/notify");
  plan.clients = 10;
  plan.arrivals = Arrivals::fixed;
  plan.rate = 100;
  plan.settle_s = 0.01;
  plan.warmup_s = 0.1;
  plan.measure_s = 0.5;
  LoadObserver nobody;
  Relayed relay({20, 0, 0, 0, 1}, server.url("/"));
  auto relayed_plan = plan;
  relayed_plan.client_url = relay.url() + "/events?events={events}";
  double shift_ms = 0;
  // A busy machine adds a delay of its own to one of the two, but not every time.
  for (int attempt = 0; attempt < 4 && std::abs(shift_ms - 20) > 1; ++attempt) {
    auto const direct = run_load(plan, nobody);
    auto const relayed = run_load(relayed_plan, nobody);
    EXPECT_EQ(relayed.lost, 0U);
    shift_ms = (*relayed.latency.median() - *direct.latency.median()) / 1e6;
  }
  EXPECT_NEAR(shift_ms, 20, 1);
}

TEST(Relay, makes_a_lost_segment_wait_and_loses_nothing) {
  Listener listener;
  Relayed relay({0, 0, 1, 0, 1}, listener.url());
  auto const client = connect_to(relay.url());
  auto const server = listener.accept();
  auto const begin = now_ns();
  say(client, "late");
  EXPECT_EQ(hear(server), "late");
  auto const waited_ms = static_cast<double>(now_ns() - begin) / 1e6;
  EXPECT_GE(waited_ms, 200);
  EXPECT_LE(waited_ms, 1000);  // a busy machine is late
}

TEST(Relay, passes_a_half_close_on_and_keeps_the_other_half) {
  Listener listener;
  Relayed relay({2, 0, 0, 0, 1}, listener.url());
  auto const client = connect_to(relay.url());
  auto const server = listener.accept();
  say(client, "ask");
  ::shutdown(client.get(), SHUT_WR);
  EXPECT_EQ(hear(server, 3), "ask");
  EXPECT_EQ(hear(server), "end");
  say(server, "answer");
  EXPECT_EQ(hear(client), "answer");
  ::shutdown(server.get(), SHUT_WR);
  EXPECT_EQ(hear(client), "end");
}

TEST(Relay, passes_an_abrupt_end_on_as_one) {
  Listener listener;
  Relayed relay({2, 0, 0, 0, 1}, listener.url());
  for (bool const client_breaks : {true, false}) {
    auto client = connect_to(relay.url());
    auto server = listener.accept();
    say(client, "x");
    EXPECT_EQ(hear(server), "x");
    auto& breaking = client_breaks ? client : server;
    linger const at_once{1, 0};
    ::setsockopt(breaking.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    breaking.close();
    EXPECT_EQ(hear(client_breaks ? server : client), "reset");
  }
  relay.end();
  EXPECT_EQ(relay.left_open, 0U);
}

TEST(Relay, ends_a_connection_whose_server_is_not_there) {
  Listener listener;
  Relayed relay({2, 0, 0, 0, 1}, listener.url());
  listener.close();
  auto const client = connect_to(relay.url());
  EXPECT_EQ(hear(client), "reset");
}

TEST(Relay, holds_a_sender_back_whose_reader_does_not_read) {
  Listener listener;
  Relayed relay({1, 0, 0, 0, 1}, listener.url());
  auto const client = connect_to(relay.url());
  auto const server = listener.accept();
  std::string const block(64 * 1024, 'x');
  std::size_t taken = 0;
  // Until a tenth of a second brings no room: the kernel's buffers and the relay's bound are full.
  for (pollfd wait{client.get(), POLLOUT, 0}; ::poll(&wait, 1, 100) == 1;) {
    auto const size = ::send(client.get(), block.data(), block.size(), MSG_NOSIGNAL);
    if (size > 0) taken += static_cast<std::size_t>(size);
    ASSERT_LT(taken, std::size_t{64} << 20) << "nothing holds the sender back";
  }
  std::size_t heard = 0;
  while (heard < taken) {
    auto const text = hear(server, 1 << 20);
    ASSERT_NE(text, "nothing") << heard << " of " << taken;
    heard += text.size();
  }
  EXPECT_EQ(heard, taken);
}

TEST(Relay, carries_thousands_of_connections) {
  PushServer server;
  LoadPlan plan;
  plan.clients = 2000;
  plan.arrivals = Arrivals::fixed;
  plan.rate = 10;
  plan.settle_s = 0.01;
  plan.warmup_s = 0.1;
  plan.measure_s = 0.5;
  plan.drain_s = 10;
  Relayed relay({20, 5, 0.01, 0, 1}, server.url("/"));
  plan.client_url = relay.url() + "/events?events={events}";
  plan.ingest.url = server.url("/notify");
  LoadObserver nobody;
  auto const result = run_load(plan, nobody);
  EXPECT_EQ(result.connected, 2000U);
  EXPECT_EQ(result.lost, 0U);
  EXPECT_GT(*result.latency.quantile(0.999), 200e6) << "one segment in a hundred is lost";
}

}  // namespace
}  // namespace pushlab::loadgen

// The deadlines of a connection on a real socket, with the table's clock turned by hand.
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "servers/net/connection_table.hpp"

namespace pushlab::server {
namespace {

using boost::asio::ip::tcp;

struct Answering : Handler {
  void on_request(Connection& connection, Request const& request) override {
    connection.respond({200, "text/plain", "hello"}, request);
  }
  void on_drain(Connection& connection) override { connection.end(EndReason::drained); }
};

class Deadline : public testing::Test {
 protected:
  Deadline() {
    table_.use(handler_);
    tcp::acceptor acceptor{io_, {boost::asio::ip::address_v4::loopback(), 0}};
    client_.connect(acceptor.local_endpoint());
    Socket accepted{io_};
    acceptor.accept(accepted);
    table_.adopt(std::move(accepted), {});
  }

  void send(std::string_view text) {
    boost::asio::write(client_, boost::asio::buffer(text.data(), text.size()));
    io_.restart();
    io_.run_one_for(std::chrono::seconds{5});
  }
  void pass_s(std::uint32_t seconds) {
    for (std::uint32_t i = 0; i < seconds * Front::ticks_per_s; ++i) table_.tick();
    io_.restart();
    io_.poll();
  }
  std::uint64_t idle_ends() const {
    return counters_.ended[static_cast<std::size_t>(EndReason::idle)].value();
  }

  boost::asio::io_context io_;
  TableOptions options_;
  Counters counters_;
  Answering handler_;
  ConnectionTable table_{io_, options_, counters_};
  tcp::socket client_{io_};
};

TEST_F(Deadline, ends_a_connection_that_never_asks) {
  pass_s(options_.request_timeout_s - 1);
  EXPECT_EQ(table_.open(), 1U);
  pass_s(2);
  EXPECT_EQ(table_.open(), 0U);
  EXPECT_EQ(idle_ends(), 1U);
}

TEST_F(Deadline, ends_a_connection_with_half_a_request) {
  send("GET / HTTP/1.1\r\nHost: a\r\n");
  pass_s(options_.request_timeout_s - 1);
  EXPECT_EQ(table_.open(), 1U);
  pass_s(2);
  EXPECT_EQ(table_.open(), 0U);
}

TEST_F(Deadline, lets_a_kept_connection_rest_between_two_requests) {
  send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  pass_s(options_.idle_timeout_s - 1);
  EXPECT_EQ(table_.open(), 1U);
  pass_s(2);
  EXPECT_EQ(table_.open(), 0U);
  EXPECT_EQ(idle_ends(), 1U);
}

}  // namespace
}  // namespace pushlab::server

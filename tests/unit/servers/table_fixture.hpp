#pragma once
#include <gtest/gtest.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "servers/net/connection_table.hpp"
#include "tests/unit/servers/events.hpp"

namespace pushlab::server {

// Does with a request what the test says. Frames stand in brackets, which HTTP/1.0 does not get.
struct Scripted : Handler {
  std::function<void(Connection&, Request const&)> request = [](Connection& c, Request const& r) {
    c.respond({200, {}, r.target.path}, r);
  };
  std::function<void(Connection&)> revoke = [this](Connection& c) { Handler::on_revoke(c); };
  std::function<Bytes(Bytes const&)> held = [](Bytes const& shared) { return shared; };
  std::string bytes;  // what came from the clients of streams
  int ends = 0;

  void on_request(Connection& c, Request const& r) override { request(c, r); }
  void on_bytes(Connection&, std::string_view more) override { bytes += more; }
  Bytes held_answer(Connection&, Bytes const& shared) override { return held(shared); }
  void on_drain(Connection& c) override {
    if (c.mode() == Connection::Mode::stream) c.send(owned("<bye>"));
    c.end_after_writing(EndReason::drained);
  }
  void on_revoke(Connection& c) override { revoke(c); }
  void on_end(Connection&) override { ++ends; }
  std::string_view unchunked(std::string_view frame) const override {
    return frame.substr(1, frame.size() - 2);
  }
  std::string conflated(std::uint64_t next_seq, std::uint64_t dropped) const override {
    return "<" + std::to_string(dropped) + " before " + std::to_string(next_seq) + ">";
  }
};

// A table with one client on loopback, and the table's clock turned by hand.
class TableTest : public testing::Test {
 protected:
  explicit TableTest(TableOptions options = {}) : options_(std::move(options)) {
    table_.use(handler_);
    adopt(client_);
  }

  void adopt(boost::asio::ip::tcp::socket& client, QuotaLease share = {}) {
    using boost::asio::ip::tcp;
    tcp::acceptor acceptor{io_, {boost::asio::ip::address_v4::loopback(), 0}};
    client.open(tcp::v4());
    client.set_option(boost::asio::socket_base::receive_buffer_size{4096});
    client.connect(acceptor.local_endpoint());
    client.non_blocking(true);
    Socket accepted{io_};
    acceptor.accept(accepted);
    accepted.set_option(boost::asio::socket_base::send_buffer_size{4096});
    table_.adopt(std::move(accepted), std::move(share));
  }

  void send(std::string_view text) {
    boost::asio::write(client_, boost::asio::buffer(text.data(), text.size()));
  }
  void get(std::string const& path) { send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"); }

  // Runs the loop until it is so; false when it is not in time.
  bool until(std::function<bool()> const& is_so) {
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{5};
    while (!is_so()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds{1});
      read();
    }
    return true;
  }
  bool until_received(std::string const& text) {
    return until([&] { return received_.find(text) != std::string::npos; });
  }
  bool until_ended(EndReason reason) {
    return until([&] { return ended(reason) == 1; });
  }
  void pass_s(std::uint32_t seconds) {
    for (std::uint32_t i = 0; i < seconds * Front::ticks_per_s; ++i) table_.tick();
    run_ready();
  }
  void run_ready() {
    io_.restart();
    io_.poll();
  }

  std::uint64_t ended(EndReason reason) const {
    return counters_.ended[static_cast<std::size_t>(reason)].value();
  }

  // Reads what has come, and sees the end, unless the client is to be slow.
  void read() {
    std::array<char, 4096> bytes;
    boost::system::error_code ec;
    while (reads_ && !ec)
      received_.append(bytes.data(), client_.read_some(boost::asio::buffer(bytes), ec));
    if (reads_ && ec != boost::asio::error::would_block) client_sees_end_ = true;
  }

  boost::asio::io_context io_;
  TableOptions options_;
  Counters counters_;
  Scripted handler_;
  ConnectionTable table_{io_, options_, counters_};
  boost::asio::ip::tcp::socket client_{io_};
  std::string received_;
  bool reads_ = true;
  bool client_sees_end_ = false;
};

}  // namespace pushlab::server

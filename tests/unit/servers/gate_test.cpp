#include "servers/net/gate.hpp"

#include <gtest/gtest.h>

#include <boost/asio/ip/address.hpp>

namespace pushlab::server {
namespace {

boost::asio::ip::tcp::endpoint from(char const* address) {
  return {boost::asio::ip::make_address(address), 4711};
}

int status_of(Gate::Verdict const& verdict) {
  auto const* refusal = std::get_if<Response>(&verdict);
  return refusal ? refusal->status : 0;
}

TEST(Gate, turns_away_with_503_and_a_time_to_come_back_when_there_are_enough) {
  std::uint64_t open = 0;
  Gate gate{{.connections = 2}, [&] { return open; }};
  EXPECT_EQ(status_of(gate.admit(from("10.0.0.1"))), 0);
  open = 2;
  auto const verdict = gate.admit(from("10.0.0.1"));
  ASSERT_EQ(status_of(verdict), 503);
  auto const& refusal = std::get<Response>(verdict);
  EXPECT_EQ(refusal.content_type, "application/problem+json");
  EXPECT_EQ(refusal.fields.front(), (std::pair<std::string, std::string>{"Retry-After", "1"}));
  open = 1;
  EXPECT_EQ(status_of(gate.admit(from("10.0.0.1"))), 0);
}

TEST(Gate, counts_who_was_turned_away_as_accepted_and_ended) {
  Gate gate{{.connections = 0}, [] { return 0U; }};
  gate.admit(from("10.0.0.1"));
  EXPECT_EQ(gate.counters().accepted.value(), 1U);
  EXPECT_EQ(gate.counters().open(), 0U);
  EXPECT_EQ(gate.counters().ended[static_cast<std::size_t>(EndReason::over_limit)].value(), 1U);
}

TEST(Gate, tells_the_log_who_was_turned_away) {
  std::string told;
  Gate gate{{.connections = 0},
            [] { return 0U; },
            [&](EndReason reason, std::string_view peer) {
              told = std::string{to_string(reason)} + " " + std::string{peer};
            }};
  gate.admit(from("10.0.0.1"));
  EXPECT_EQ(told, "over_limit 10.0.0.1:4711");
  gate.admit(from("2001:db8::1"));
  EXPECT_EQ(told, "over_limit [2001:db8::1]:4711");
}

struct PerAddress : testing::Test {
  Gate gate{{.connections = 100, .per_address = 1}, [] { return 0U; }};
};

TEST_F(PerAddress, turns_away_with_429_until_the_share_is_given_back) {
  auto first = gate.admit(from("10.0.0.1"));
  EXPECT_EQ(status_of(first), 0);
  EXPECT_EQ(status_of(gate.admit(from("10.0.0.1"))), 429);
  EXPECT_EQ(status_of(gate.admit(from("10.0.0.2"))), 0);
  first = QuotaLease{};
  EXPECT_EQ(status_of(gate.admit(from("10.0.0.1"))), 0);
}

TEST_F(PerAddress, counts_an_ipv6_client_by_its_64_bits_of_network) {
  auto const first = gate.admit(from("2001:db8:1:2::1"));
  EXPECT_EQ(status_of(gate.admit(from("2001:db8:1:2:ffff:ffff:ffff:ffff"))), 429);
  EXPECT_EQ(status_of(gate.admit(from("2001:db8:1:3::1"))), 0);
}

TEST_F(PerAddress, knows_an_ipv4_client_of_an_ipv6_socket) {
  auto const first = gate.admit(from("::ffff:10.0.0.1"));
  EXPECT_EQ(status_of(gate.admit(from("::ffff:10.0.0.2"))), 0);
  EXPECT_EQ(status_of(gate.admit(from("10.0.0.1"))), 429);
}

}  // namespace
}  // namespace pushlab::server

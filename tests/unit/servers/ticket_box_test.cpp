#include "servers/auth/ticket_box.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <set>
#include <thread>

namespace pushlab::server {
namespace {

using namespace std::chrono_literals;

// A box whose time is told by the test.
struct TicketBoxTest : testing::Test {
  TicketBox::Clock::time_point now = TicketBox::Clock::now();
  TicketBox box{[this] { return now; }, 3};
  Credential const credential{Credential::Kind::api_key, "secret"};
};

TEST_F(TicketBoxTest, gives_back_what_a_ticket_stands_for_once) {
  auto const ticket = box.put(credential, 30s).value();
  auto const taken = box.take(ticket);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->kind, credential.kind);
  EXPECT_EQ(taken->value, credential.value);
  EXPECT_FALSE(box.take(ticket));
}

TEST_F(TicketBoxTest, knows_no_other_ticket) {
  auto ticket = box.put(credential, 30s).value();
  EXPECT_FALSE(box.take(""));
  EXPECT_FALSE(box.take(ticket + "0"));
  ticket[31] = ticket[31] == '0' ? '1' : '0';
  EXPECT_FALSE(box.take(ticket));
}

TEST_F(TicketBoxTest, forgets_a_ticket_when_its_time_is_over) {
  auto const first = box.put(credential, 30s).value();
  auto const second = box.put(credential, 30s).value();
  now += 30s - 1ns;
  EXPECT_TRUE(box.take(first));
  now += 1ns;
  EXPECT_FALSE(box.take(second));
}

TEST_F(TicketBoxTest, holds_so_many_and_no_more_until_some_are_taken_or_expire) {
  auto const first = box.put(credential, 30s).value();
  box.put(credential, 30s);
  box.put(credential, 30s);
  EXPECT_FALSE(box.put(credential, 30s));
  EXPECT_TRUE(box.take(first));
  EXPECT_TRUE(box.put(credential, 30s));
  EXPECT_FALSE(box.put(credential, 30s));
  now += 30s;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(box.put(credential, 30s));
}

TEST(Tickets, are_128_random_bits) {
  std::set<std::string> seen;
  std::array<unsigned long, 128> ones{};
  for (int i = 0; i < 1000; ++i) {
    auto const ticket = new_ticket();
    ASSERT_EQ(ticket.size(), 32U);
    EXPECT_EQ(ticket.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_TRUE(seen.insert(ticket).second);
    for (std::size_t bit = 0; bit < 128; ++bit)
      ones[bit] += std::stoul(ticket.substr(bit / 4, 1), nullptr, 16) >> bit % 4 & 1;
  }
  for (auto const count : ones) EXPECT_NEAR(static_cast<double>(count), 500, 120);
}

TEST(Tickets, of_one_box_are_for_every_thread) {
  TicketBox box;
  std::array<std::vector<std::string>, 2> tickets;
  auto const put = [&](std::size_t n) {
    for (int i = 0; i < 1000; ++i)
      tickets[n].push_back(box.put({Credential::Kind::session, "s"}, 30s).value());
  };
  std::thread one{put, 0U}, two{put, 1U};
  one.join();
  two.join();
  std::atomic<int> taken{0};
  auto const take = [&] {
    for (auto const& list : tickets)
      for (auto const& ticket : list) taken += box.take(ticket) ? 1 : 0;
  };
  std::thread three{take}, four{take};
  three.join();
  four.join();
  EXPECT_EQ(taken, 2000);
}

}  // namespace
}  // namespace pushlab::server

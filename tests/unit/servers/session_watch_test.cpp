#include "servers/auth/session_watch.hpp"

#include <gtest/gtest.h>

#include <map>

namespace pushlab::server {
namespace {

using namespace std::chrono_literals;

// Looks are kept until the test answers them.
struct SessionWatchTest : testing::Test {
  using Answer = std::function<void(AuthVerdict)>;

  boost::asio::io_context io;
  std::vector<std::pair<std::string, Answer>> looks;
  std::vector<Revocation> over;
  SessionWatch watch{io, 1h, [this](auto& session, Answer answer) {
                       looks.emplace_back(session, std::move(answer));
                     }};

  SessionWatchTest() {
    watch.on_over([this](Revocation const& revocation) { over.push_back(revocation); });
  }
  void answer(AuthVerdict verdict) {
    ASSERT_FALSE(looks.empty());
    auto const first = std::move(looks.front().second);
    looks.erase(looks.begin());
    first(std::move(verdict));
  }
  static Identity user(std::string name, std::vector<std::string> roles = {}) {
    return {std::move(name), std::move(roles), "s"};
  }
  static AuthRefusal refusal(int status) { return {status, "", 0}; }
};

TEST_F(SessionWatchTest, counts_who_watches) {
  EXPECT_TRUE(watch.add("s"));
  EXPECT_FALSE(watch.add("s"));
  EXPECT_EQ(watch.size(), 1U);
  EXPECT_FALSE(watch.remove("s"));
  EXPECT_TRUE(watch.remove("s"));
  EXPECT_FALSE(watch.remove("s"));
  EXPECT_EQ(watch.size(), 0U);
  watch.look("s");
  watch.touched("s");
  watch.end("s");
  EXPECT_TRUE(looks.empty());
  EXPECT_TRUE(over.empty());
}

TEST_F(SessionWatchTest, tells_an_end_once_for_all_who_watch) {
  watch.add("s");
  watch.add("s");
  watch.end("s");
  watch.end("s");
  ASSERT_EQ(over.size(), 1U);
  EXPECT_EQ(over[0].session, "s");
  EXPECT_EQ(over[0].source, RevocationSource::pushed);
}

TEST_F(SessionWatchTest, tells_another_end_to_who_came_with_the_session_again) {
  watch.add("s");
  watch.add("s");
  watch.end("s");
  EXPECT_TRUE(watch.add("s"));
  EXPECT_FALSE(watch.remove("s"));  // those who were told
  EXPECT_FALSE(watch.remove("s"));
  watch.end("s");
  EXPECT_EQ(over.size(), 2U);
  EXPECT_FALSE(watch.remove("s"));
  EXPECT_FALSE(watch.remove("s"));
}

TEST_F(SessionWatchTest, finds_a_session_that_is_gone) {
  watch.add("s");
  watch.look("s");
  answer(user("7"));
  EXPECT_TRUE(over.empty());
  watch.look("s");
  answer(refusal(401));
  ASSERT_EQ(over.size(), 1U);
  EXPECT_EQ(over[0].source, RevocationSource::rechecked);
}

TEST_F(SessionWatchTest, ends_nothing_when_nobody_can_tell) {
  watch.add("s");
  watch.look("s");
  answer(refusal(503));
  EXPECT_TRUE(over.empty());
  EXPECT_TRUE(looks.empty());  // and does not insist
}

TEST_F(SessionWatchTest, ends_a_session_that_belongs_to_another_or_has_lost_a_role) {
  watch.expect(user("7", {"a", "b"}));
  for (auto const& now : {user("8", {"a", "b"}), user("7", {"a"})}) {
    watch.add("s");
    watch.look("s");
    answer(user("7", {"a", "b", "c"}));
    EXPECT_TRUE(over.empty());
    watch.look("s");
    answer(now);
    EXPECT_EQ(over.size(), 1U);
    over.clear();
    watch.remove("s");
  }
}

TEST_F(SessionWatchTest, notices_another_user_between_letting_in_and_watching) {
  watch.expect(user("7"));
  watch.add("s");
  watch.look("s");
  answer(user("8"));
  EXPECT_EQ(over.size(), 1U);
}

TEST_F(SessionWatchTest, takes_the_first_it_finds_for_right_when_nobody_was_let_in) {
  watch.add("s");
  watch.look("s");
  answer(user("8"));
  watch.look("s");
  answer(user("9"));
  EXPECT_EQ(over.size(), 1U);
}

TEST_F(SessionWatchTest, looks_once_more_when_something_changed_during_a_look) {
  watch.add("s");
  watch.touched("s");
  watch.touched("s");
  watch.touched("s");
  ASSERT_EQ(looks.size(), 1U);
  answer(user("7"));
  ASSERT_EQ(looks.size(), 1U);
  answer(refusal(401));
  ASSERT_EQ(over.size(), 1U);
  EXPECT_EQ(over[0].source, RevocationSource::pushed);
  EXPECT_TRUE(looks.empty());
}

TEST_F(SessionWatchTest, measures_a_push_from_its_arrival_and_a_find_from_the_look_before) {
  watch.add("pushed");
  watch.add("found");
  watch.touched("pushed");
  watch.look("found");
  auto const start = SessionWatch::Clock::now();
  while (SessionWatch::Clock::now() - start < 2ms) continue;
  answer(refusal(401));
  answer(refusal(401));
  ASSERT_EQ(over.size(), 2U);
  for (auto const& revocation : over) EXPECT_GE(revocation.delay_ns, 2'000'000U);
  EXPECT_EQ(over[0].source, RevocationSource::pushed);
  EXPECT_EQ(over[1].source, RevocationSource::rechecked);
}

TEST_F(SessionWatchTest, forgets_a_push_that_changed_nothing) {
  watch.add("s");
  watch.touched("s");
  answer(user("7"));
  watch.look("s");
  answer(refusal(401));
  ASSERT_EQ(over.size(), 1U);
  EXPECT_EQ(over[0].source, RevocationSource::rechecked);
}

TEST_F(SessionWatchTest, looks_at_all_a_batch_at_a_time_and_at_pushed_ones_first) {
  for (int i = 0; i < 1000; ++i) watch.add(std::to_string(i));
  watch.look_at_all();
  EXPECT_EQ(looks.size(), SessionWatch::max_looks);
  watch.add("urgent");
  watch.touched("urgent");
  answer(user("7"));
  EXPECT_EQ(looks.size(), SessionWatch::max_looks);
  EXPECT_EQ(looks.back().first, "urgent");
  std::size_t answered = 1;
  for (; !looks.empty(); ++answered) answer(user("7"));
  EXPECT_EQ(answered, 1001U);
}

TEST_F(SessionWatchTest, can_be_told_of_an_end_while_it_is_looked_at) {
  watch.add("s");
  watch.look("s");
  watch.end("s");
  watch.remove("s");
  watch.add("s");
  answer(user("7"));
  EXPECT_EQ(over.size(), 1U);
}

TEST(SessionWatch, takes_answers_at_once_without_a_deep_stack) {
  boost::asio::io_context io;
  std::size_t looks = 0;
  SessionWatch watch{io, std::chrono::hours{1}, [&](auto&, auto answer) {
                       ++looks;
                       answer(AuthRefusal{503, "", 1});
                     }};
  for (int i = 0; i < 100'000; ++i) watch.add(std::to_string(i));
  watch.look_at_all();
  EXPECT_EQ(looks, 100'000U);
}

// 50 sessions in a second: 5 in each tick of 100 ms, not all at its end.
TEST(SessionWatch, looks_at_everybody_in_turn) {
  boost::asio::io_context io;
  std::map<std::string, int> looks;
  SessionWatch watch{io, 1s, [&](auto& session, auto answer) {
                       ++looks[session];
                       answer(Identity{"7", {}, session});
                     }};
  for (int i = 0; i < 50; ++i) watch.add(std::to_string(i));
  auto const deadline = SessionWatch::Clock::now() + 10s;
  std::size_t most_at_once = 0;
  while (looks.size() < 50 && SessionWatch::Clock::now() < deadline) {
    auto const before = looks.size();
    io.run_one_until(deadline);
    most_at_once = std::max(most_at_once, looks.size() - before);
  }
  ASSERT_EQ(looks.size(), 50U);
  EXPECT_LT(most_at_once, 50U);
  for (auto const& [session, count] : looks) EXPECT_LE(count, 2) << session;
}

}  // namespace
}  // namespace pushlab::server

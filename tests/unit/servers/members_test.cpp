#include "servers/clients/members.hpp"

#include <gtest/gtest.h>

#include <map>

namespace pushlab::server {
namespace {

class WatchingAuthenticator : public Authenticator {
 public:
  void identify(Credential const&, std::function<void(AuthVerdict)>) override {}
  void issue_ticket(Credential const&, std::function<void(TicketVerdict)>) override {}
  void watch(std::string const& session) override { ++watched[session]; }
  void unwatch(std::string const& session) override {
    if (--watched[session] == 0) watched.erase(session);
  }
  void end(std::string const& session, RevocationSource source = RevocationSource::pushed) {
    revoked_({session, source, 1'000'000});
  }
  std::map<std::string, int> watched;
};

struct MembersTest : ::testing::Test {
  WatchingAuthenticator authenticator;
  ConnectionQuota quota{2};
  Counters counters;
  std::vector<Slot> revoked;
  Members members{authenticator, quota, counters, [this](Slot slot) { revoked.push_back(slot); }};
  Identity const ann{"ann", {}, "sess:1"}, ann_elsewhere{"ann", {}, "sess:2"}, bob{"bob", {}, ""};
};

TEST_F(MembersTest, a_session_is_watched_while_it_has_a_connection) {
  EXPECT_TRUE(members.join(0, ann));
  EXPECT_TRUE(members.join(1, ann));
  EXPECT_EQ(authenticator.watched, (std::map<std::string, int>{{"sess:1", 2}}));
  members.leave(0);
  members.leave(1);
  members.leave(1);
  EXPECT_TRUE(authenticator.watched.empty());
  EXPECT_EQ(members.size(), 0U);
}

TEST_F(MembersTest, the_end_of_a_session_revokes_its_connections_only) {
  members.join(0, ann);
  members.join(1, ann_elsewhere);
  members.join(2, bob);
  authenticator.end("sess:1");
  EXPECT_EQ(revoked, std::vector<Slot>{0});
  authenticator.end("sess:1");
  authenticator.end("never seen");
  EXPECT_EQ(revoked.size(), 1U);
  EXPECT_EQ(counters.revocation_pushed.count(0), 1U);
  authenticator.end("sess:2", RevocationSource::rechecked);
  EXPECT_EQ(counters.revocation_rechecked.sum_ns(), 1'000'000U);
}

TEST_F(MembersTest, a_user_has_no_more_connections_than_allowed_in_all_sessions) {
  EXPECT_TRUE(members.join(0, ann));
  EXPECT_TRUE(members.join(1, ann_elsewhere));
  EXPECT_FALSE(members.join(2, ann));
  EXPECT_TRUE(members.join(3, bob));
  members.leave(0);
  EXPECT_TRUE(members.join(2, ann));
}

TEST_F(MembersTest, the_next_poll_of_a_connection_counts_once) {
  for (int poll = 0; poll < 5; ++poll) EXPECT_TRUE(members.join(0, ann));
  EXPECT_EQ(authenticator.watched["sess:1"], 1);
  EXPECT_TRUE(members.join(0, bob));
  EXPECT_FALSE(authenticator.watched.count("sess:1"));
}

TEST_F(MembersTest, the_anonymous_leave_no_trace) {
  for (Slot slot = 0; slot < 10; ++slot) EXPECT_TRUE(members.join(slot, {}));
  EXPECT_EQ(members.size(), 0U);
  members.join(0, ann);
  members.join(0, {});
  EXPECT_EQ(members.size(), 0U);
}

}  // namespace
}  // namespace pushlab::server

#include "servers/clients/asked_for.hpp"

#include <gtest/gtest.h>

namespace pushlab::server {
namespace {

AskedFor asked(std::string const& query, std::size_t max_names = 3) {
  return asked_for(Target::parse("/events?" + query), max_names);
}

TEST(AskedFor, takes_names_from_every_parameter_and_each_once) {
  auto const subscription = asked("events=a,b&other=c&events=b,d%2Ce").subscription;
  EXPECT_EQ(subscription.names, (std::vector<std::string>{"a", "b", "d,e"}));
  EXPECT_FALSE(subscription.all);
}

TEST(AskedFor, nothing_is_a_subscription_too) {
  auto const none = asked("");
  EXPECT_FALSE(none.refusal);
  EXPECT_TRUE(none.subscription.names.empty());
}

TEST(AskedFor, refuses_more_names_than_allowed) {
  EXPECT_FALSE(asked("events=a,b,c").refusal);
  auto const refusal = asked("events=a,b,c,d").refusal;
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 400);
  EXPECT_NE(refusal->body.find("More than 3 names"), std::string::npos) << refusal->body;
}

TEST(AskedFor, refuses_names_that_no_event_can_have) {
  for (auto const* name : {"%00", "a%0Ab", "a%0Db", "%7F", "%C3", "%FF", "%ED%A0%80", "a%C0%80"}) {
    auto const refusal = asked(std::string{"events="} + name).refusal;
    ASSERT_TRUE(refusal) << name;
    EXPECT_EQ(refusal->status, 400) << name;
  }
  EXPECT_TRUE(asked("events=" + std::string(201, 'n')).refusal);
  EXPECT_FALSE(asked("events=%C3%A9,%F0%9F%98%80," + std::string(200, 'n')).refusal);
}

TEST(AskedFor, the_field_wins_over_the_parameters_for_the_cursor) {
  Request request;
  EXPECT_FALSE(cursor_of(request));
  request.target = Target::parse("/poll?since=e-1");
  EXPECT_EQ(cursor_of(request), "e-1");
  request.target = Target::parse("/poll?since=e-1&lastEventId=e-2");
  EXPECT_EQ(cursor_of(request), "e-2");
  request.fields = {{"last-event-id", "e-3"}};
  EXPECT_EQ(cursor_of(request), "e-3");
}

}  // namespace
}  // namespace pushlab::server

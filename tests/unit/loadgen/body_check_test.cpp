#include "loadgen/client/body_check.hpp"

#include <gtest/gtest.h>

namespace pushlab::loadgen {
namespace {

std::string const head = R"({"name":"t0","type":"update","id":7,"data":")";
std::string const marker = "plab:0001:0000002a";
std::string const body = head + marker + " xxxxxxxx\"}";

bool is_whole(std::string const& text) {
  BodyCheck check([](std::uint32_t) { return body; });
  return check.is_whole(text, text.find(marker), 42);
}

TEST(BodyCheck, takes_what_was_published_wherever_it_stands) {
  EXPECT_TRUE(is_whole(body));
  EXPECT_TRUE(is_whole(R"({"event":"db","id":"1-7","data":)" + body + "}"));
  EXPECT_TRUE(is_whole("[" + body + "," + body + "]"));
}

TEST(BodyCheck, takes_the_same_in_other_words) {
  EXPECT_TRUE(is_whole("{\"data\": \"" + marker + " xxxxxxxx\", \"id\": 7}"));
  EXPECT_TRUE(is_whole("{\\\"name\\\":\\\"t0\\\",\\\"data\\\":\\\"" + marker + " xxxxxxxx\\\"}"));
  EXPECT_TRUE(is_whole(marker + " xxxxxxxx"));
}

TEST(BodyCheck, refuses_what_is_cut_or_changed) {
  EXPECT_FALSE(is_whole(head + marker + " xxxx\"}"));
  EXPECT_FALSE(is_whole(head + marker + " xxxxxxxx"));
  EXPECT_FALSE(is_whole(head + marker + " xxxxxxxxx\"}"));
  EXPECT_FALSE(is_whole(head + marker + " xx}!?\"xx\"}"));
  EXPECT_FALSE(is_whole(head + marker + " xxxxxxxx}\""));
  EXPECT_FALSE(is_whole(head + marker));
  EXPECT_FALSE(is_whole(marker + " xxx"));
}

TEST(BodyCheck, keeps_events_apart_that_share_a_place) {
  auto const text_of = [](std::uint32_t event) {
    return head + "plab:0001:000000" + (event == 1 ? "01" : "11") + std::string(event, 'x') + "\"}";
  };
  BodyCheck check(text_of);
  for (std::uint32_t const event : {1U, 17U, 1U, 17U})
    EXPECT_TRUE(check.is_whole(text_of(event), head.size(), event));
}

}  // namespace
}  // namespace pushlab::loadgen

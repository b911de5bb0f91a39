#include "servers/http/query.hpp"

#include <gtest/gtest.h>

namespace pushlab::server {
namespace {

TEST(PercentDecoding, decodes_escapes_and_plus) {
  EXPECT_EQ(percent_decoded("a%20b+c%2Fd%c3%A4"), "a b c/dä");
  EXPECT_EQ(percent_decoded("%41%4"), "A%4");
  EXPECT_EQ(percent_decoded("%00"), std::string(1, '\0'));
}

TEST(PercentDecoding, decodes_an_escape_at_the_very_end) {
  EXPECT_EQ(percent_decoded("%41"), "A");
  EXPECT_EQ(percent_decoded("x%2C"), "x,");
}

TEST(PercentDecoding, leaves_a_broken_escape_as_it_is) {
  for (auto const* text : {"%", "%4", "%zz", "%4z", "%%", "100%"})
    EXPECT_EQ(percent_decoded(text), text);
}

TEST(PercentDecoding, decodes_once_only) {
  EXPECT_EQ(percent_decoded("%2541"), "%41");
}

TEST(Target, is_cut_at_the_first_question_mark) {
  auto const target = Target::parse("/ev%65nts?events=a?b");
  EXPECT_EQ(target.path, "/events");
  EXPECT_EQ(target.value("events"), "a?b");
}

TEST(Target, gives_the_first_value_of_a_name_decoded) {
  auto const target = Target::parse("/p?a=1%2B1&a=2&b&c=&&=d&e%3D=f");
  EXPECT_EQ(target.value("a"), "1+1");
  EXPECT_EQ(target.value("b"), "");
  EXPECT_EQ(target.value("c"), "");
  EXPECT_EQ(target.value("e="), "f");
  EXPECT_FALSE(target.value("d"));
}

TEST(Target, keeps_values_encoded_and_repeated_for_who_needs_them_so) {
  auto const target = Target::parse("/p?events=a%2Cb&events=c");
  ASSERT_EQ(target.query.size(), 2U);
  EXPECT_EQ(target.query[0].second, "a%2Cb");
  EXPECT_EQ(target.query[1].second, "c");
}

TEST(Target, may_have_no_query_or_an_empty_one) {
  EXPECT_TRUE(Target::parse("/p").query.empty());
  EXPECT_TRUE(Target::parse("/p?").query.empty());
  EXPECT_EQ(Target::parse("").path, "");
}

}  // namespace
}  // namespace pushlab::server

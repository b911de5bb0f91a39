#include "servers/event/json_member.hpp"

#include <gtest/gtest.h>

namespace pushlab::server {
namespace {

std::string without_data(std::string_view json) {
  return without_member(json, "data");
}

TEST(WithoutMember, takes_it_from_every_place_with_the_right_comma) {
  EXPECT_EQ(without_data(R"({"data":1,"a":2,"b":3})"), R"({"a":2,"b":3})");
  EXPECT_EQ(without_data(R"({"a":2,"data":1,"b":3})"), R"({"a":2,"b":3})");
  EXPECT_EQ(without_data(R"({"a":2,"b":3,"data":1})"), R"({"a":2,"b":3})");
  EXPECT_EQ(without_data(R"({"data":1})"), "{}");
}

TEST(WithoutMember, takes_its_white_space_along_and_leaves_that_of_the_others) {
  EXPECT_EQ(without_data(R"({ "a" : 2, "data" : 1, "b" : 3 })"), R"({ "a" : 2, "b" : 3 })");
  EXPECT_EQ(without_data(R"( { "data" : 1 , "a":2 } )"), R"( { "a":2 } )");
  EXPECT_EQ(without_data("{ }"), "{ }");
}

TEST(WithoutMember, takes_values_of_every_kind_whole) {
  for (auto const* value : {R"({"a":{"b":[1,2]},"c":"}"})", R"([1,{"x":","},[]])", R"("a,b}\"]\\")",
                            "null", "-1.5e3", "true", R"("")", "{}", "[ ]"}) {
    auto const json = R"({"a":1,"data":)" + std::string{value} + R"(,"z":2})";
    EXPECT_EQ(without_data(json), R"({"a":1,"z":2})") << value;
  }
}

TEST(WithoutMember, takes_every_duplicate) {
  EXPECT_EQ(without_data(R"({"data":1,"data":2,"a":3,"data":4})"), R"({"a":3})");
}

TEST(WithoutMember, knows_the_name_in_any_spelling_and_no_other_name) {
  EXPECT_EQ(without_data(R"({"d\u0061ta":1,"\u0064\u0061\u0074\u0061":2,"a":3})"), R"({"a":3})");
  for (auto const* other :
       {"dat", "datas", "Data", R"(\"data)", R"(data\u0000)", "", R"(\u0064)"}) {
    auto const json = R"({")" + std::string{other} + R"(":1})";
    EXPECT_EQ(without_data(json), json);
  }
}

TEST(WithoutMember, leaves_the_same_name_inside_other_values) {
  std::string const json = R"({"a":{"data":1},"b":["data",{"data":2}],"c":"data"})";
  EXPECT_EQ(without_data(json), json);
}

TEST(WithoutMember, leaves_the_rest_byte_by_byte) {
  EXPECT_EQ(without_data(R"({"n":1.50,"u":"\u00e4\/","data":0,"e":1E2,"s":"ü\\"})"),
            R"({"n":1.50,"u":"\u00e4\/","e":1E2,"s":"ü\\"})");
}

TEST(WithoutMember, the_name_may_be_any_text) {
  EXPECT_EQ(without_member(R"({"a\"b":1,"":2,"c":3})", "a\"b"), R"({"":2,"c":3})");
  EXPECT_EQ(without_member(R"({"a":1,"":2})", ""), R"({"a":1})");
}

}  // namespace
}  // namespace pushlab::server

#include "driver/raw_json.hpp"

#include <gtest/gtest.h>

namespace pushlab::driver {
namespace {

using Pieces = std::vector<std::string_view>;

TEST(RawMember, gives_the_text_of_a_value_as_it_stands) {
  constexpr auto text = R"( { "a" : { "x" : [1, "}\"]"] } , "b":1.50e2,"c":"q\\" , "d":null} )";
  EXPECT_EQ(raw_member(text, "a"), R"({ "x" : [1, "}\"]"] })");
  EXPECT_EQ(raw_member(text, "b"), "1.50e2");
  EXPECT_EQ(raw_member(text, "c"), R"("q\\")");
  EXPECT_EQ(raw_member(text, "d"), "null");
  EXPECT_EQ(raw_member(text, "e"), std::nullopt);
}

TEST(RawMember, looks_at_the_outermost_object_only) {
  EXPECT_EQ(raw_member(R"({"x":{"data":1},"data":2})", "data"), "2");
  EXPECT_EQ(raw_member(R"([{"data":1}])", "data"), std::nullopt);
  EXPECT_EQ(raw_member("{}", "data"), std::nullopt);
}

TEST(RawElements, splits_an_array) {
  EXPECT_EQ(raw_elements(R"([ {"a":[1,2]} ,"x,y", 3 ,[] ])"),
            (Pieces{R"({"a":[1,2]})", R"("x,y")", "3", "[]"}));
  EXPECT_EQ(raw_elements("[]"), Pieces{});
  EXPECT_EQ(raw_elements("{}"), Pieces{});
}

TEST(RawJson, ends_on_a_cut_text) {
  EXPECT_EQ(raw_member(R"({"a":)", "b"), std::nullopt);
  EXPECT_EQ(raw_member(R"({"a)", "b"), std::nullopt);
  EXPECT_EQ(raw_elements("[1,"), Pieces{"1"});
}

}  // namespace
}  // namespace pushlab::driver

#include "results/format.hpp"

#include <gtest/gtest.h>

#include "results/metric.hpp"

namespace pushlab::results {
namespace {

TEST(Format, shows_three_significant_digits) {
  EXPECT_EQ(number(0), "0");
  EXPECT_EQ(number(0.001234), "0.00123");
  EXPECT_EQ(number(0.5), "0.50");
  EXPECT_EQ(number(9.994), "9.99");
  EXPECT_EQ(number(9.996), "10.0");
  EXPECT_EQ(number(123.4), "123");
  EXPECT_EQ(number(9999), "9999");
  EXPECT_EQ(number(12345), "12 345");
  EXPECT_EQ(number(1234567), "1 234 567");
}

TEST(Format, adds_the_unit) {
  EXPECT_EQ(quantity(5.2, "ms"), "5.20 ms");
  EXPECT_EQ(quantity(0.123, "share"), "12.3 %");
  EXPECT_EQ(quantity(1200, ""), "1200");
  EXPECT_EQ(quantity(0.25, ""), "0.25");
}

TEST(Format, has_words_where_there_is_no_number) {
  Metric const& p99 = metric("latency_p99_ms");
  EXPECT_EQ(quantity(boost::json::object{{"value", 2.5}}, p99), "2.50 ms");
  EXPECT_EQ(quantity(boost::json::object{{"value", nullptr}, {"undelivered", true}}, p99),
            "undelivered");
  EXPECT_EQ(quantity(boost::json::object{{"value", nullptr}}, p99), "–");
}

TEST(Format, joins_names_as_people_do) {
  EXPECT_EQ(list({}), "");
  EXPECT_EQ(list({"a"}), "a");
  EXPECT_EQ(list({"a", "b"}), "a and b");
  EXPECT_EQ(list({"a", "b", "c"}), "a, b and c");
}

}  // namespace
}  // namespace pushlab::results

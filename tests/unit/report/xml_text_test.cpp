#include "report/xml_text.hpp"

#include <gtest/gtest.h>

namespace pushlab::report {
namespace {

constexpr auto replaced = "\xef\xbf\xbd";

TEST(XmlText, escapes_markup_and_keeps_line_ends_of_attributes) {
  EXPECT_EQ(xml_text("a & b < c > \"d\""), "a &amp; b &lt; c &gt; &quot;d&quot;");
  EXPECT_EQ(xml_text("]]>"), "]]&gt;");
  EXPECT_EQ(xml_text("\t\n\r"), "&#9;&#10;&#13;");
}

TEST(XmlText, keeps_characters_of_every_length) {
  for (std::string const text : {"z", "é", "€", "😀", "\xed\x9f\xbf", "\xee\x80\x80"})
    EXPECT_EQ(xml_text(text), text);
}

TEST(XmlText, replaces_what_is_no_character) {
  using namespace std::string_view_literals;
  for (auto const text :
       {"\0"sv, "\x01"sv, "\x1f"sv, "\xff"sv, "\x80"sv, "\xc3"sv, "\xef\xbf\xbe"sv})
    EXPECT_EQ(xml_text(text).substr(0, 3), replaced) << text;
  EXPECT_EQ(xml_text("\xc3("), std::string(replaced) + "(");  // only the broken byte is gone
  EXPECT_EQ(xml_text("\xc0\xaf"), std::string(replaced) + replaced);  // overlong
  EXPECT_EQ(xml_text("\xed\xa0\x80"), replaced);                      // half of a pair
  EXPECT_EQ(xml_text("\xf4\x90\x80\x80"), replaced);                  // above U+10FFFF
}

}  // namespace
}  // namespace pushlab::report

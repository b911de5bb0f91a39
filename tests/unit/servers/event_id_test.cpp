#include "servers/event/event_id.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace pushlab::server {
namespace {

TEST(EventId, is_written_as_lower_case_hex_epoch_and_decimal_number) {
  EXPECT_EQ(to_string({0xAB12, 42}), "ab12-42");
  EXPECT_EQ(to_string({1, 0}), "1-0");
}

TEST(EventId, reads_back_what_was_written_up_to_the_largest_numbers) {
  for (EventId const id : {EventId{1, 0}, EventId{0xFFFFFFFF, 1},
                           EventId{7, std::numeric_limits<std::uint64_t>::max()}})
    EXPECT_EQ(parse_event_id(to_string(id)), id) << to_string(id);
}

TEST(EventId, refuses_every_other_spelling) {
  for (auto const* text :
       {"",     "-",        "1",     "1-",   "-1",          "1-1 ",
        " 1-1", "1-1x",     "AB-1",  "01-1", "1-01",        "1-+1",
        "1--1", "0x1-1",    "1-1-1", "g-1",  "100000000-1", "1-18446744073709551616",
        "1_1",  "undefined"})
    EXPECT_FALSE(parse_event_id(text)) << text;
}

TEST(EventId, refuses_text_after_a_nul) {
  EXPECT_FALSE(parse_event_id(std::string_view{"1-1\0", 4}));
}

TEST(NewEpoch, is_never_0_and_not_the_same_again) {
  auto const first = new_epoch(), second = new_epoch(), third = new_epoch();
  EXPECT_NE(first, 0U);
  EXPECT_FALSE(first == second && second == third);
}

}  // namespace
}  // namespace pushlab::server

#include "driver/toml_reader.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "driver/nearest_name.hpp"

namespace pushlab::driver {
namespace {

std::string message_of(std::function<void()> const& action) {
  try {
    action();
  } catch (InputError const& error) {
    return error.what();
  }
  return "no error";
}

TEST(TomlTable, gives_values_and_fallbacks) {
  auto table = TomlTable::from_text("a = \"x\"\nb = 3\nc = 0.5\nd = true\ne = [\"p\", \"q\"]", "f");
  EXPECT_EQ(table.text("a"), "x");
  EXPECT_EQ(table.whole("b", {1, 10}), 3);
  EXPECT_EQ(table.number("b", {1, 10}), 3.0);  // a whole number is a number
  EXPECT_EQ(table.number("c", {0, 1}), 0.5);
  EXPECT_TRUE(table.flag("d", false));
  EXPECT_EQ(table.texts("e"), (std::vector<std::string>{"p", "q"}));
  EXPECT_EQ(table.text("absent", "usual"), "usual");
  EXPECT_EQ(table.maybe_number("absent too", {0, 1}), std::nullopt);
  EXPECT_NO_THROW(table.finish());
}

TEST(TomlTable, names_file_line_and_the_key_meant_for_an_unknown_one) {
  auto table = TomlTable::from_text("clients = 5\n\nmesure_s = 3\n", "x.toml");
  table.whole("clients", {1, 10});
  table.number("measure_s", {0, 10}, 1);
  EXPECT_EQ(message_of([&] { table.finish(); }),
            "x.toml:3: the key mesure_s is unknown: did you mean measure_s?");
}

TEST(TomlTable, lists_the_known_keys_when_none_is_near) {
  auto table = TomlTable::from_text("colour = 1\n", "x.toml");
  table.whole("clients", {1, 10}, 1);
  EXPECT_EQ(message_of([&] { table.finish(); }),
            "x.toml:1: the key colour is unknown: known are clients");
}

TEST(TomlTable, says_what_a_bad_value_should_be) {
  auto table = TomlTable::from_text("a = 1\nclients = \"many\"\nrate = 0\n", "x.toml");
  EXPECT_EQ(message_of([&] { table.whole("clients", {1, 100}); }),
            "x.toml:2: clients is 'many': give a whole number from 1 to 100");
  EXPECT_EQ(message_of([&] { table.number("rate", {0.5, 100}); }),
            "x.toml:3: rate is 0: give a number from 0.5 to 100");
  EXPECT_EQ(message_of([&] { table.text("a"); }), "x.toml:1: a is 1: give a text in quotes");
}

TEST(TomlTable, names_a_missing_key) {
  auto table = TomlTable::from_text("a = 1\n", "x.toml");
  EXPECT_EQ(message_of([&] { table.text("title"); }),
            "x.toml:1: the key title is missing: give a text in quotes");
}

TEST(TomlTable, names_nested_keys_by_their_full_name) {
  auto table = TomlTable::from_text("[start]\ndeadline_s = -1\n", "x.toml");
  auto start = table.table("start");
  ASSERT_TRUE(start);
  EXPECT_EQ(message_of([&] { start->number("deadline_s", {0, 10}); }),
            "x.toml:2: start.deadline_s is -1: give a number from 0 to 10");
}

TEST(TomlTable, suggests_the_nearest_choice) {
  auto table = TomlTable::from_text("arrivals = \"poison\"\n", "x.toml");
  EXPECT_EQ(message_of([&] { table.one_of("arrivals", {"fixed", "poisson"}); }),
            "x.toml:1: arrivals is \"poison\", which is unknown: did you mean \"poisson\"?");
}

TEST(TomlTable, names_the_line_of_a_syntax_error) {
  auto const message = message_of([] { TomlTable::from_text("a = 1\nb = = 2\n", "x.toml"); });
  EXPECT_TRUE(message.starts_with("x.toml:2: this is not TOML")) << message;
}

TEST(TomlTable, names_a_file_that_is_not_there) {
  EXPECT_EQ(message_of([] { read_toml_text("/nowhere/x.toml"); }),
            "/nowhere/x.toml: cannot read it: check the path");
}

TEST(NearestName, finds_typing_mistakes_and_nothing_else) {
  std::vector<std::string> const known{"websocket", "long-poll", "sse"};
  EXPECT_EQ(nearest_name("websoket", known), "websocket");
  EXPECT_EQ(nearest_name("longpoll", known), "long-poll");
  EXPECT_EQ(nearest_name("ssse", known), "sse");
  EXPECT_EQ(nearest_name("mqtt", known), "");
}

}  // namespace
}  // namespace pushlab::driver

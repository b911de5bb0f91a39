#include "servers/event/notification.hpp"

#include <gtest/gtest.h>

namespace pushlab::server {
namespace {

Notification parsed(std::string_view json) {
  auto result = parse_notification(json);
  auto const* error = std::get_if<NotificationError>(&result);
  EXPECT_FALSE(error) << json << ": " << (error ? error->detail : "");
  return error ? Notification{} : std::get<Notification>(std::move(result));
}

NotificationError refusal(std::string_view json) {
  auto result = parse_notification(json);
  auto const* error = std::get_if<NotificationError>(&result);
  EXPECT_TRUE(error) << json;
  return error ? *error : NotificationError{"accepted", ""};
}

std::string with_name(std::string const& name) {
  return R"({"name":")" + name + R"(","type":"update","id":1})";
}

TEST(Notification, gives_name_type_id_and_origin) {
  auto const n = parsed(R"({"name":"orders","type":"create","id":7,"origin":"c1","data":[1]})");
  EXPECT_EQ(n.name, "orders");
  EXPECT_EQ(n.type, "create");
  EXPECT_EQ(n.id, "7");
  EXPECT_EQ(n.origin, "c1");
}

TEST(Notification, tells_a_number_from_a_string_as_id) {
  EXPECT_EQ(parsed(R"({"name":"a","type":"u","id":7})").id, "7");
  EXPECT_EQ(parsed(R"({"name":"a","type":"u","id":"7"})").id, R"("7")");
}

TEST(Notification, has_one_text_for_an_id_however_it_is_written) {
  for (auto const* id : {"7", R"("7")", R"("\u0037")", "7.0", "70e-1"})
    EXPECT_EQ(parsed(R"({"name":"a","type":"u","id":)" + std::string{id} + "}").id_text, "7") << id;
  EXPECT_EQ(parsed(R"({"name":"a","type":"u","id":"a\"\u00e4"})").id_text, "a\"ä");
  EXPECT_EQ(parsed(R"({"name":"a","type":"u","id":-7})").id_text, "-7");
  EXPECT_EQ(parsed(R"({"name":"a","type":"u","id":18446744073709551615})").id_text,
            "18446744073709551615");
  EXPECT_NE(parsed(R"({"name":"a","type":"u","id":7.5})").id_text, "7");
}

TEST(Notification, forwards_its_body_unless_there_is_one_without_data) {
  auto n = parsed(with_name("a"));
  EXPECT_EQ(n.forwarded(), n.body);
  n.without_data = "{}";
  EXPECT_EQ(n.forwarded(), "{}");
}

TEST(Notification, takes_a_null_origin_as_none) {
  EXPECT_EQ(parsed(R"({"name":"a","type":"u","id":1,"origin":null})").origin, "");
}

TEST(Notification, is_forwarded_byte_by_byte) {
  std::string const json =
      R"({ "unknown" : 1.50, "name":"a", "type":"u", "id": 1e2, "data":"\u00e4\/ \u2028" })";
  EXPECT_EQ(parsed(json).body, json);
}

TEST(Notification, keeps_unicode_as_it_came) {
  auto const n = parsed(with_name("Grüße 🚀"));
  EXPECT_EQ(n.name, "Grüße 🚀");
  EXPECT_EQ(n.body, with_name("Grüße 🚀"));
}

TEST(Notification, turns_line_ends_between_tokens_into_spaces) {
  EXPECT_EQ(parsed("\r\n{\"name\":\"a\",\n\"type\":\"u\",\r\n\"id\":1\r}\n").body,
            "{\"name\":\"a\", \"type\":\"u\",  \"id\":1 }");
}

TEST(Notification, refuses_a_raw_line_end_inside_a_string) {
  EXPECT_EQ(refusal("{\"name\":\"a\nb\",\"type\":\"u\",\"id\":1}").member, "");
}

TEST(Notification, refuses_what_is_no_json_without_naming_a_member) {
  for (auto const* text : {"", " ", "{", "nonsense", R"({"name":"a",})", R"({"name":"a"} {})",
                           "\xEF\xBB\xBF{}", "{\"name\":\"\xFF\"}", R"({"name":"\ud800"})"}) {
    auto const error = refusal(text);
    EXPECT_EQ(error.member, "") << text;
    EXPECT_NE(error.detail.find("not valid JSON"), std::string::npos) << error.detail;
  }
}

TEST(Notification, refuses_json_that_is_no_object) {
  for (auto const* text : {"[]", "1", "null", R"("name")"})
    EXPECT_EQ(refusal(text).detail, "The notification must be a JSON object.") << text;
}

TEST(Notification, refuses_json_nested_too_deeply_for_the_stack) {
  EXPECT_EQ(refusal(std::string(100'000, '[')).member, "");
}

TEST(Notification, names_the_bad_member) {
  struct Case {
    char const* json;
    char const* member;
  };
  for (auto const& [json, member] : {
           Case{R"({"type":"u","id":1})", "/name"},
           Case{R"({"name":1,"type":"u","id":1})", "/name"},
           Case{R"({"name":null,"type":"u","id":1})", "/name"},
           Case{R"({"name":"","type":"u","id":1})", "/name"},
           Case{R"({"name":"a\nb","type":"u","id":1})", "/name"},
           Case{R"({"name":"a\u0000","type":"u","id":1})", "/name"},
           Case{R"({"name":"a\u007f","type":"u","id":1})", "/name"},
           Case{R"({"name":"a","id":1})", "/type"},
           Case{R"({"name":"a","type":["u"],"id":1})", "/type"},
           Case{R"({"name":"a","type":"","id":1})", "/type"},
           Case{R"({"name":"a","type":"u"})", "/id"},
           Case{R"({"name":"a","type":"u","id":null})", "/id"},
           Case{R"({"name":"a","type":"u","id":true})", "/id"},
           Case{R"({"name":"a","type":"u","id":{}})", "/id"},
           Case{R"({"name":"a","type":"u","id":1,"origin":7})", "/origin"},
       }) {
    auto const error = refusal(json);
    EXPECT_EQ(error.member, member) << json;
    EXPECT_EQ(error.detail.back(), '.') << error.detail;
  }
}

TEST(Notification, takes_a_name_of_200_bytes_and_no_more) {
  EXPECT_EQ(parsed(with_name(std::string(200, 'n'))).name.size(), 200U);
  EXPECT_EQ(refusal(with_name(std::string(201, 'n'))).member, "/name");
}

TEST(Batch, takes_one_notification_a_line_and_skips_blank_lines) {
  auto const line = with_name("a");
  auto const result = parse_batch("\n" + line + "\r\n \t\n" + line);
  ASSERT_TRUE(std::holds_alternative<std::vector<Notification>>(result));
  auto const& batch = std::get<std::vector<Notification>>(result);
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_EQ(batch[0].body, line);
  EXPECT_EQ(batch[1].body, line);
}

TEST(Batch, is_refused_whole_and_names_line_and_member) {
  auto const result = parse_batch(with_name("a") + "\n\n{\"name\":\"a\",\"id\":1}\n");
  auto const* error = std::get_if<NotificationError>(&result);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->member, "/type");
  EXPECT_EQ(error->detail, "Line 3: The member \"type\" is missing.");
}

TEST(Batch, is_refused_when_it_holds_nothing) {
  for (auto const* text : {"", "\n", " \r\n\n"}) {
    auto const result = parse_batch(text);
    EXPECT_TRUE(std::holds_alternative<NotificationError>(result)) << text;
  }
}

}  // namespace
}  // namespace pushlab::server

#include "servers/http/response.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace pushlab::server {
namespace {

TEST(Response, is_status_line_fields_and_body) {
  EXPECT_EQ(to_wire({200, "text/plain", "hi", {{"ETag", "\"1\""}}}, {}),
            "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Type: text/plain\r\n"
            "ETag: \"1\"\r\nContent-Length: 2\r\n\r\nhi");
}

TEST(Response, to_a_head_has_the_length_but_not_the_body) {
  Request request;
  request.method = "HEAD";
  auto const wire = to_wire({200, "text/plain", "hello"}, request);
  EXPECT_NE(wire.find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_TRUE(wire.ends_with("\r\n\r\n"));
}

TEST(Response, without_content_has_no_length) {
  for (auto const status : {204, 304})
    EXPECT_EQ(to_wire({status, {}, {}}, {}).find("Content-Length"), std::string::npos) << status;
}

TEST(Response, tells_the_client_what_becomes_of_the_connection) {
  Request request;
  request.keep_alive = false;
  EXPECT_NE(to_wire({}, request).find("Connection: close\r\n"), std::string::npos);
  request.keep_alive = request.http_1_0 = true;
  EXPECT_NE(to_wire({}, request).find("Connection: keep-alive\r\n"), std::string::npos);
}

TEST(Problem, is_a_json_document_with_title_status_detail_and_pointer) {
  auto const response = problem(400, "The \"name\" is bad.", "/name");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/problem+json");
  auto const document = boost::json::parse(response.body).as_object();
  EXPECT_EQ(document.at("title"), "Bad Request");
  EXPECT_EQ(document.at("status"), 400);
  EXPECT_EQ(document.at("detail"), "The \"name\" is bad.");
  EXPECT_EQ(document.at("pointer"), "/name");
}

TEST(Problem, points_at_nothing_when_the_whole_request_is_meant) {
  EXPECT_FALSE(boost::json::parse(problem(404, "No.").body).as_object().contains("pointer"));
}

TEST(Problem, every_status_that_the_servers_answer_with_has_a_title) {
  for (auto const status : {101, 200, 202, 204, 304, 400, 401, 404, 405, 413, 415, 426, 431, 503})
    EXPECT_NE(reason_phrase(status), "Error") << status;
}

TEST(MethodNotAllowed, says_which_method_would_have_been_right) {
  auto const response = method_not_allowed("POST");
  EXPECT_EQ(response.status, 405);
  ASSERT_EQ(response.fields.size(), 1U);
  EXPECT_EQ(response.fields[0], (std::pair<std::string, std::string>{"Allow", "POST"}));
}

}  // namespace
}  // namespace pushlab::server

#include <boost/json.hpp>

#include "tests/integration/servers/targets.hpp"

namespace pushlab::test {
namespace {

struct Ingest : testing::Test {
  ServerProcess server{"pushlab-sse", {"--max-body-bytes", "2000"}};
  std::uint16_t port = server.ingest_port();
};

TEST_F(Ingest, a_bad_notification_gets_400_and_a_document_that_names_the_member) {
  auto const answer = post(port, "/notify", R"({"name":"a","id":1})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.field("content-type"), "application/problem+json");
  auto const problem = boost::json::parse(answer.body);
  EXPECT_EQ(problem.at("pointer"), "/type");
  EXPECT_EQ(problem.at("detail"), "The member \"type\" is missing.");
  EXPECT_EQ(problem.at("status"), 400);
}

TEST_F(Ingest, a_batch_with_a_bad_line_is_refused_whole) {
  auto const batch = note("a", 1) + "\n" + R"({"name":1})" + "\n";
  auto const answer = post(port, "/notify", batch, "Content-Type: application/x-ndjson\r\n");
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.body.find("Line 2: "), std::string::npos) << answer.body;
  EXPECT_EQ(metric(port, "pushlab_notifications_total"), 0U);
}

TEST_F(Ingest, methods_types_and_sizes_that_are_not_allowed_have_their_status) {
  auto const wrong_method = get(port, "/notify");
  EXPECT_EQ(wrong_method.status, 405);
  EXPECT_EQ(wrong_method.field("allow"), "POST");
  EXPECT_EQ(post(port, "/healthz", "").status, 405);
  EXPECT_EQ(post(port, "/notify", "x", "Content-Type: text/plain\r\n").status, 415);
  EXPECT_EQ(post(port, "/notify", note("a", 1, std::string(2000, 'x'))).status, 413);
  EXPECT_EQ(get(port, "/elsewhere").status, 404);
  EXPECT_EQ(get(port, "/healthz", "X: " + std::string(20'000, 'x') + "\r\n").status, 431);
}

TEST_F(Ingest, a_type_with_parameters_and_none_at_all_are_json) {
  for (auto const* type : {"Content-Type: application/json; charset=utf-8\r\n", ""})
    EXPECT_EQ(post(port, "/notify", note("a", 1), type).status, 202) << type;
}

TEST_F(Ingest, is_healthy_and_has_metrics) {
  EXPECT_EQ(get(port, "/healthz").status, 200);
  auto const metrics = get(port, "/metrics");
  EXPECT_EQ(metrics.field("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(metrics.body.find("pushlab_info{server=\"pushlab-sse\"} 1\n"), std::string::npos);
}

TEST_F(Ingest, counts_what_was_delivered) {
  auto const client = connect(sse, server, "a");
  EXPECT_EQ(client->next().event, "hello");
  for (int i = 0; i < 10; ++i) publish(port, note("a", i));
  for (int i = 0; i < 10; ++i) expect_event(*client, note("a", i));
  EXPECT_EQ(metric(port, "pushlab_notifications_total"), 10U);
  EXPECT_EQ(metric(port, "pushlab_deliveries_total"), 10U);
  EXPECT_EQ(metric(port, "pushlab_connections_open"), 1U);
}

TEST_F(Ingest, answers_requests_on_one_connection_in_order) {
  Wire wire{port};
  std::string requests;
  for (int i = 0; i < 3; ++i) {
    auto const body = note("a", i);
    requests +=
        "POST /notify HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body;
  }
  wire.send(requests);
  for (int i = 1; i <= 3; ++i)
    EXPECT_EQ(read_answer(wire).body, "{\"seq\":" + std::to_string(i) + "}\n");
}

TEST_F(Ingest, asks_a_waiting_client_for_the_body) {
  Wire wire{port};
  auto const body = note("a", 1);
  wire.send("POST /notify HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n");
  EXPECT_EQ(read_answer(wire).status, 100);
  wire.send(body);
  EXPECT_EQ(read_answer(wire).status, 202);
}

TEST_F(Ingest, answers_http_1_0_and_closes) {
  Wire wire{port};
  wire.send("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(read_answer(wire).field("connection"), "close");
  EXPECT_TRUE(wire.wait_for_end());
}

TEST(IngestToken, is_demanded_of_who_posts) {
  ServerProcess const server{"pushlab-sse", {"--ingest-token", "secret"}};
  auto const port = server.ingest_port();
  auto const refused = post(port, "/notify", note("a", 1));
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.field("www-authenticate"), "Bearer");
  EXPECT_EQ(post(port, "/notify", note("a", 1), "Authorization: Bearer wrong\r\n").status, 401);
  EXPECT_EQ(post(port, "/notify", note("a", 1), "Authorization: Bearer secret\r\n").status, 202);
  EXPECT_EQ(get(port, "/healthz").status, 200);
}

}  // namespace
}  // namespace pushlab::test

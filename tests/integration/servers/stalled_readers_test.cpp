#include <boost/json.hpp>
#include <fstream>

#include "tests/integration/servers/targets.hpp"

namespace pushlab::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#elif defined(__has_feature)
constexpr bool is_sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool is_sanitized = false;
#endif

constexpr int resources = 50, events_per_batch = 20, clients = 100;
constexpr int events = is_sanitized ? 1'000 : 10'000;
std::string const ten_kilobytes(10'000, 'x');

std::size_t resident_kb(pid_t pid) {
  std::ifstream status{"/proc/" + std::to_string(pid) + "/status"};
  for (std::string word; status >> word;)
    if (word == "VmRSS:") {
      std::size_t kb = 0;
      status >> kb;
      return kb;
    }
  throw std::runtime_error("no VmRSS");
}

std::string body(int i) {
  return note("a", i % resources, std::to_string(i) + ten_kilobytes);
}

// Publishes everything, reads it with the fast client, and returns the growth of the server's
// memory at its peak.
std::size_t publish_all(ServerProcess const& server, PushClient& fast) {
  auto const before = resident_kb(server.pid());
  auto most = before;
  for (int i = 0; i < events; i += events_per_batch) {
    std::string batch;
    for (int n = i; n < i + events_per_batch; ++n) batch += body(n) + "\n";
    EXPECT_EQ(post(server.ingest_port(), "/notify", batch, "Content-Type: application/x-ndjson\r\n")
                  .status,
              202);
    for (int n = i; n < i + events_per_batch; ++n) expect_event(fast, body(n));
    most = std::max(most, resident_kb(server.pid()));
  }
  return most - before;
}

struct StalledReaders : EveryStream {
  // Clients that connect and never read, behind the hello of the first.
  void connect_all(ServerProcess const& server) {
    for (int i = 0; i < clients; ++i)
      stalled.push_back(connect(GetParam(), server, "a", std::nullopt, 4096));
    fast = listening(GetParam(), server, "a");
    wait_until(
        [&] { return metric(server.ingest_port(), "pushlab_requests_total") == clients + 1; },
        "everybody is subscribed");
  }
  std::vector<std::unique_ptr<PushClient>> stalled;
  std::unique_ptr<PushClient> fast;
};

INSTANTIATE_TEST_SUITE_P(Servers, StalledReaders, testing::Values(sse, websocket, websocketpp),
                         name_of);

TEST_P(StalledReaders, are_cut_and_cost_no_memory_while_the_others_get_everything) {
  ServerProcess const server{GetParam().program,
                             {"--outbox-bytes", "262144", "--history-events", "100"}};
  connect_all(server);
  auto const growth_kb = publish_all(server, *fast);
  EXPECT_EQ(metric(server.ingest_port(), ended("slow_reader")), clients);
  if (!is_sanitized) {
    EXPECT_LT(growth_kb, 30'000U);
  }
}

TEST_P(StalledReaders, are_told_what_they_missed_and_get_the_newest_when_they_read_again) {
  ServerProcess const server{GetParam().program,
                             {"--overflow", "conflate", "--history-events", "100"}};
  connect_all(server);
  auto const growth_kb = publish_all(server, *fast);
  EXPECT_EQ(metric(server.ingest_port(), "pushlab_connections_open"), clients + 1);
  if (!is_sanitized) {
    EXPECT_LT(growth_kb, 30'000U);
  }

  auto& reader = *stalled[clients / 2];
  EXPECT_EQ(reader.next().event, "hello");
  int seen = 0;
  auto message = reader.next();
  for (; message.event == "db"; message = reader.next()) EXPECT_EQ(message.data, body(seen++));
  ASSERT_EQ(message.event, "conflated");
  EXPECT_TRUE(message.id.ends_with("-" + std::to_string(events - resources))) << message.id;
  EXPECT_EQ(boost::json::parse(message.data).at("dropped"), events - resources - seen);
  for (int i = events - resources; i < events; ++i) expect_event(reader, body(i));
  publish(server.ingest_port(), body(events));
  expect_event(reader, body(events));
  EXPECT_GE(metric(server.ingest_port(), "pushlab_conflated_events_total"),
            static_cast<std::uint64_t>(clients * (events - resources - seen) / 2));
}

}  // namespace
}  // namespace pushlab::test

// The seam between what was missed and what is live, under as many events as the server takes.
#include <array>
#include <atomic>
#include <climits>
#include <thread>

#include "tests/integration/servers/sessions.hpp"

namespace pushlab::test {
namespace {

constexpr std::size_t names = 4, clients = 20, rounds = 30;
constexpr int batch = 8;
constexpr int lead = 200;  // of the publisher before the slowest client; a history keeps 1000

struct Race {
  std::array<std::atomic<int>, clients> read_up_to{};  // the number behind, of the client's name
  std::atomic<int> published_up_to = 0;
  std::atomic<bool> over = false;

  int slowest() const {
    auto slowest = INT_MAX;
    for (auto const& one : read_up_to) slowest = std::min(slowest, one.load());
    return slowest;
  }
};

std::string name_number(std::size_t i) {
  return "name" + std::to_string(i % names);
}

// Every name counts for itself, so that a gap or an echo is seen without looking at the others.
void publish_until_over(std::uint16_t port, Race& race) {
  Wire wire{port};
  for (int first = 0; !race.over; first += batch) {
    while (first - lead > race.slowest() && !race.over) std::this_thread::yield();
    std::string lines;
    for (int i = first; i < first + batch; ++i)
      for (std::size_t name = 0; name < names; ++name) lines += note(name_number(name), i) + "\n";
    wire.send(
        "POST /notify HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-ndjson\r\n"
        "Content-Length: " +
        std::to_string(lines.size()) + "\r\n\r\n" + lines);
    if (read_answer(wire).status != 202) throw std::runtime_error("a batch is refused");
    race.published_up_to = first + batch;
  }
}

// Connects, reads until it is surely live, drops, resumes; throws at a gap, an echo or a reset.
void read_in_rounds(Target const& target, ServerProcess const& server, Asking asking,
                    std::size_t number, Race& race) {
  auto const name = name_number(number);
  std::optional<int> expected;
  for (std::size_t round = 0; round < rounds; ++round) {
    auto const client = connect(target, server, name, asking);
    if (target.is_stream() && client->next().event != "hello") throw std::runtime_error("no hello");
    if (!expected) race.read_up_to[number] = race.published_up_to.load();
    auto const enough = race.published_up_to + static_cast<int>((number + round) % 7);
    do {
      auto const message = client->next();
      if (message.event != "db") throw std::runtime_error(message.event + " " + message.data);
      auto const at = message.data.find(R"("id":)") + 5;
      auto const id = std::stoi(message.data.substr(at));
      if (expected && id != *expected)
        throw std::runtime_error(std::to_string(id) + " in place of " + std::to_string(*expected));
      expected = id + 1;
      asking.cursor = message.id;
      race.read_up_to[number] = *expected;
    } while (*expected <= enough);
  }
}

void expect_everything_once(Target const& target, ServerProcess const& server,
                            Asking const& asking = {}) {
  Race race;
  std::vector<std::thread> readers;
  for (std::size_t i = 0; i < clients; ++i)
    readers.emplace_back([&, i] {
      try {
        read_in_rounds(target, server, asking, i, race);
      } catch (std::exception const& error) {
        ADD_FAILURE() << "client " << i << ": " << error.what();
      }
      race.read_up_to[i] = INT_MAX;
    });
  std::thread publisher{[&] {
    try {
      publish_until_over(server.ingest_port(), race);
    } catch (std::exception const& error) {
      ADD_FAILURE() << "publisher: " << error.what();
    }
  }};
  for (auto& reader : readers) reader.join();
  race.over = true;
  publisher.join();
  EXPECT_EQ(metric(server.ingest_port(), "pushlab_resets_total"), 0U);
  EXPECT_GT(metric(server.ingest_port(), "pushlab_replayed_events_total"), clients * rounds / 10)
      << "something was missed and made up for";
}

// Two loops, where a server has them.
std::string threads(Target const& target) {
  return target.program == websocketpp.program ? "1" : "2";
}

TEST_P(EveryServer, everybody_gets_everything_once_across_many_resumes_at_full_rate) {
  ServerProcess const server{GetParam().program, {"--threads", threads(GetParam())}};
  expect_everything_once(GetParam(), server);
}

// The look-up of the session lies between the request and the subscription.
TEST_P(EveryServer, everybody_gets_everything_once_although_redis_is_asked_before_each_resume) {
  RedisProcess redis;
  auto const server =
      configured(GetParam(), sessions_in(redis), {"--threads", threads(GetParam())});
  log_in(redis, "one", "7");
  expect_everything_once(GetParam(), server, by_cookie("one"));
}

}  // namespace
}  // namespace pushlab::test

#include <cstdio>
#include <memory>

#include "tests/integration/servers/config_file.hpp"
#include "tests/integration/servers/targets.hpp"
#include "tests/unit/servers/incremental_decoder.hpp"

namespace pushlab::test {
namespace {

// A client of /events that decodes what comes as a browser does.
class CodedClient {
 public:
  CodedClient(ServerProcess const& server, std::string const& accepted,
              std::string const& query = "?events=a", std::string const& version = "1.1",
              int receive_buffer = 0)
      : wire_(server.client_port(), receive_buffer), is_chunked_(version == "1.1") {
    wire_.send("GET /events" + query + " HTTP/" + version +
               "\r\nHost: test\r\nAccept-Encoding: " + accepted + "\r\n\r\n");
    head_ = read_answer(wire_);
    if (coding() == "gzip") decoder_ = std::make_unique<GzipDecoder>();
    if (coding() == "zstd") decoder_ = std::make_unique<ZstdDecoder>();
  }

  HttpAnswer const& head() const { return head_; }
  std::string coding() const { return head_.field("content-encoding"); }

  // The next block; throws when what has come by then is not decodable up to its end.
  std::string next() {
    std::size_t end;
    while ((end = text_.find("\n\n")) == std::string::npos) {
      auto const bytes = is_chunked_ ? read_chunk(wire_) : wire_.read(1);
      if (bytes.empty()) return "last chunk";
      text_ += decoder_ ? decoder_->feed(bytes) : bytes;
    }
    auto block = text_.substr(0, end + 2);
    text_.erase(0, end + 2);
    return block;
  }

  // The next event's data, behind the hello.
  std::string next_data() {
    auto block = next();
    while (block.find("event: hello\n") != std::string::npos) block = next();
    auto const at = block.find("data: ");
    if (at == std::string::npos) return block;
    return block.substr(at + 6, block.size() - at - 8);
  }

  std::string wait_for_hello() {
    auto const hello = next();
    EXPECT_NE(hello.find("event: hello\n"), std::string::npos) << hello;
    auto const at = hello.find("id: ") + 4;
    return hello.substr(at, hello.find('\n', at) - at);  // the cursor
  }

 private:
  Wire wire_;
  bool is_chunked_;
  HttpAnswer head_;
  std::unique_ptr<IncrementalDecoder> decoder_;
  std::string text_;
};

std::string large_note(int id) {
  return note("a", id, std::string(3000, 'x'));
}

class EveryCoding : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(codings, EveryCoding, testing::Values("gzip", "zstd"));

TEST_P(EveryCoding, brings_every_event_when_it_happens) {
  ServerProcess const server{sse.program};
  CodedClient client{server, GetParam()};
  EXPECT_EQ(client.coding(), GetParam());
  EXPECT_EQ(client.head().field("vary"), "Accept-Encoding");
  EXPECT_EQ(client.head().field("cache-control"), "no-store, no-transform");
  client.wait_for_hello();
  for (int i = 0; i < 5; ++i) {
    publish(server.ingest_port(), i % 2 == 0 ? note("a", i) : large_note(i));
    EXPECT_EQ(client.next_data(), i % 2 == 0 ? note("a", i) : large_note(i));
  }
}

TEST_P(EveryCoding, has_its_heartbeats) {
  ServerProcess const server{sse.program, {"--heartbeat-s", "1"}};
  CodedClient client{server, GetParam()};
  client.wait_for_hello();
  EXPECT_EQ(client.next(), ":\n\n");
  publish(server.ingest_port(), note("a", 1));
  EXPECT_EQ(client.next_data(), note("a", 1));
}

TEST_P(EveryCoding, replays_what_was_missed) {
  ServerProcess const server{sse.program};
  auto const cursor = CodedClient{server, "identity"}.wait_for_hello();
  publish(server.ingest_port(), note("a", 1));
  publish(server.ingest_port(), large_note(2));
  CodedClient client{server, GetParam(), "?events=a&lastEventId=" + cursor};
  EXPECT_EQ(client.next_data(), note("a", 1));
  EXPECT_EQ(client.next_data(), large_note(2));
  publish(server.ingest_port(), note("a", 3));
  EXPECT_EQ(client.next_data(), note("a", 3));
}

TEST_P(EveryCoding, forwards_no_data_that_is_kept_back) {
  ServerProcess const server{sse.program, {"--payload", "refresh"}};
  CodedClient client{server, GetParam()};
  client.wait_for_hello();
  publish(server.ingest_port(), R"({"name":"a","type":"update","id":1,"data":{"secret":1}})");
  EXPECT_EQ(client.next_data(), R"({"name":"a","type":"update","id":1})");
}

TEST_P(EveryCoding, tells_of_a_lost_cursor) {
  ServerProcess const server{sse.program};
  CodedClient client{server, GetParam(), "?events=a&lastEventId=nonsense"};
  client.wait_for_hello();
  EXPECT_NE(client.next().find("event: reset\n"), std::string::npos);
}

TEST_P(EveryCoding, serves_http_1_0_without_chunks) {
  ServerProcess const server{sse.program, {"--heartbeat-s", "1"}};
  CodedClient client{server, GetParam(), "?events=a", "1.0"};
  EXPECT_EQ(client.coding(), GetParam());
  EXPECT_EQ(client.head().field("transfer-encoding"), "");
  client.wait_for_hello();
  publish(server.ingest_port(), large_note(1));
  EXPECT_EQ(client.next_data(), large_note(1));
  EXPECT_EQ(client.next(), ":\n\n");
}

TEST_P(EveryCoding, ends_with_the_last_chunk) {
  ServerProcess server{sse.program};
  CodedClient client{server, GetParam()};
  client.wait_for_hello();
  server.terminate();
  EXPECT_EQ(client.next(), "last chunk");
}

TEST_P(EveryCoding, tells_a_slow_reader_what_was_conflated) {
  ServerProcess const server{
      sse.program, {"--overflow", "conflate", "--outbox-bytes", "4096", "--heartbeat-s", "0"}};
  CodedClient client{server, GetParam(), "?events=a", "1.1", 4096};
  client.wait_for_hello();
  int last = 0;
  while (metric(server.ingest_port(), "pushlab_conflated_events_total") == 0) {
    std::string batch;
    for (int i = 0; i < 100; ++i) batch += note("a", 1, std::to_string(++last)) + "\n";
    auto const fields = "Content-Type: application/x-ndjson\r\n";
    ASSERT_LT(post(server.ingest_port(), "/notify", batch, fields).status, 300);
    ASSERT_LT(last, 5'000'000);
  }
  auto is_told = false;
  for (std::string data; data != note("a", 1, std::to_string(last));) {
    data = client.next_data();
    is_told = is_told || data.find("\"dropped\":") != std::string::npos;
  }
  EXPECT_TRUE(is_told);
}

TEST(Compression, clients_of_every_form_get_the_same_events) {
  ServerProcess const server{sse.program, {"--threads", "2"}};
  std::vector<std::unique_ptr<CodedClient>> clients;
  for (auto const* accepted : {"gzip", "zstd", "identity", "zstd;q=0.1, gzip;q=0.2", "br", "gzip"})
    clients.push_back(std::make_unique<CodedClient>(server, accepted));
  for (auto const& client : clients) client->wait_for_hello();
  for (int i = 0; i < 20; ++i)
    publish(server.ingest_port(), i % 2 == 0 ? note("a", i) : large_note(i));
  for (auto const& client : clients)
    for (int i = 0; i < 20; ++i)
      EXPECT_EQ(client->next_data(), i % 2 == 0 ? note("a", i) : large_note(i));
}

TEST(Compression, is_what_the_client_asked_for) {
  ServerProcess const server{sse.program};
  for (auto const& [accepted, coding] : std::initializer_list<std::pair<char const*, char const*>>{
           {"gzip, deflate, br, zstd", "gzip"},
           {"gzip;q=0", ""},
           {"gzip;q=0, zstd", "zstd"},
           {"*;q=0", ""},
           {"identity", ""},
           {"", ""},
           {"br;q=1, gzip;q=0.5", "gzip"},
           {"deflate", ""}}) {
    CodedClient client{server, accepted};
    EXPECT_EQ(client.coding(), coding) << accepted;
    EXPECT_EQ(client.head().field("vary"), "Accept-Encoding") << accepted;
    client.wait_for_hello();
  }
  EXPECT_EQ(knock(sse, server, "a").field("content-encoding"), "");
  EXPECT_EQ(knock(sse, server, "a").field("vary"), "Accept-Encoding");
}

TEST(Compression, head_answers_as_get_would) {
  ServerProcess const server{sse.program};
  auto const answer = knock(sse, server, "a", Asking{"Accept-Encoding: zstd\r\n"}, "HEAD");
  EXPECT_EQ(answer.field("content-encoding"), "zstd");
  EXPECT_EQ(answer.field("vary"), "Accept-Encoding");
}

TEST(Compression, depends_on_the_origin_as_well) {
  ConfigFile const config{"cors_origins = [\"https://app.example\"]\n"};
  ServerProcess const server{sse.program, {"--config", config.path()}};
  CodedClient client{server, "gzip"};
  EXPECT_EQ(client.head().field("vary"), "Origin, Accept-Encoding");
  EXPECT_EQ(get(server.client_port(), "/snapshot").field("vary"), "Origin, Accept-Encoding");
}

TEST(Compression, can_be_switched_off) {
  ServerProcess const server{sse.program, {"--compression", "off"}};
  CodedClient client{server, "gzip"};
  EXPECT_EQ(client.coding(), "");
  EXPECT_EQ(client.head().field("vary"), "");
  client.wait_for_hello();
}

std::string decoded(HttpAnswer const& answer) {
  EXPECT_EQ(answer.field("content-encoding"), "gzip");
  GzipDecoder decoder;
  return decoder.feed(answer.body);
}

TEST(Compression, the_state_is_coded_when_it_is_large_and_known_in_either_form) {
  ServerProcess const server{sse.program};
  publish(server.ingest_port(), large_note(1));
  auto const ask = [&](std::string const& fields) {
    return get(server.client_port(), "/snapshot?events=a", fields);
  };
  auto const plain = ask({}), coded = ask("Accept-Encoding: gzip\r\n");
  EXPECT_EQ(decoded(coded), plain.body);
  EXPECT_EQ(coded.field("vary"), "Accept-Encoding");
  EXPECT_EQ(plain.field("vary"), "Accept-Encoding");
  EXPECT_EQ(coded.field("etag"), "W/" + plain.field("etag"));
  for (auto const& known : {plain, coded})
    EXPECT_EQ(ask("If-None-Match: " + known.field("etag") + "\r\n").status, 304);
}

TEST(Compression, a_poll_that_makes_up_for_much_is_coded) {
  for (auto const& target : {short_poll, long_poll}) {
    ServerProcess const server{target.program};
    auto const cursor = listening(target, server, "a")->cursor();
    publish(server.ingest_port(), large_note(1));
    auto const path = "/poll?events=a&since=" + cursor;
    auto const coded = get(server.client_port(), path, "Accept-Encoding: gzip\r\n");
    EXPECT_NE(decoded(coded).find(large_note(1)), std::string::npos) << target.program;
    EXPECT_LT(coded.body.size(), 500U);
    EXPECT_EQ(get(server.client_port(), path).field("content-encoding"), "") << target.program;
  }
}

// What a program prints, read while it runs; its end is this object's.
class Output {
 public:
  explicit Output(std::string const& command)
      : pipe_(::popen(("exec timeout 20 " + command + " 2>&1").c_str(), "r")) {}
  ~Output() { ::pclose(pipe_); }
  Output(Output const&) = delete;

  // Up to and including `end`; what came instead when the program ended before.
  std::string read_until(std::string const& end) {
    std::string text;
    for (int c; !text.ends_with(end) && (c = std::fgetc(pipe_)) != EOF;)
      text += static_cast<char>(c);
    return text;
  }

 private:
  std::FILE* pipe_;
};

std::string url_of(ServerProcess const& server) {
  return "http://127.0.0.1:" + std::to_string(server.client_port()) + "/events?events=a";
}

TEST_P(EveryCoding, curl_decodes_it_live) {
  ServerProcess server{sse.program};
  Output curl{"curl -sSN --compressed -H 'Accept-Encoding: " + GetParam() + "' " + url_of(server)};
  EXPECT_TRUE(curl.read_until("\n\n").ends_with("}\n\n"));
  for (int i = 0; i < 3; ++i) {
    publish(server.ingest_port(), large_note(i));
    EXPECT_TRUE(curl.read_until("\n\n").ends_with("data: " + large_note(i) + "\n\n"));
  }
  server.terminate();
  EXPECT_EQ(curl.read_until("\n"), "") << "curl is content with the end";
}

TEST(Compression, node_decodes_gzip_live) {
  ServerProcess server{sse.program};
  Output node{"node -e \"fetch('" + url_of(server) +
              "').then(async r => { console.log(r.headers.get('content-encoding'));"
              " const text = new TextDecoder();"
              " for await (const part of r.body) process.stdout.write(text.decode(part)); })"
              ".catch(e => console.log(parseInt(process.versions.node) < 20 && e.cause.code))\""};
  EXPECT_EQ(node.read_until("\n"), "gzip\n");
  EXPECT_TRUE(node.read_until("\n\n").ends_with("}\n\n"));
  for (int i = 0; i < 3; ++i) {
    publish(server.ingest_port(), large_note(i));
    EXPECT_TRUE(node.read_until("\n\n").ends_with("data: " + large_note(i) + "\n\n"));
  }
  server.terminate();
  auto const end = node.read_until("\n");
  EXPECT_TRUE(end.empty() || end == "Z_BUF_ERROR\n") << end << "only Node 18 misses a trailer";
}

}  // namespace
}  // namespace pushlab::test

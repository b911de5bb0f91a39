#include <benchmark/benchmark.h>

#include "servers/long_poll/long_poll_encoder.hpp"
#include "servers/sse/sse_encoder.hpp"
#include "servers/websocket/websocket_encoder.hpp"

namespace pushlab::server {
namespace {

// A notification of that many bytes, as the load generator sends them.
Notification padded(std::size_t bytes) {
  std::string body = R"({"name":"t0","type":"update","id":7,"data":"plab:3fa2:0000002a )";
  if (body.size() + 2 < bytes) body.resize(bytes - 2, 'x');
  return {"t0", "update", "7", {}, body + "\"}"};
}

// What one event costs before the first subscriber is served.
template <class Kind>
void encode(benchmark::State& state) {
  Kind const encoder;
  auto const notification = padded(static_cast<std::size_t>(state.range(0)));
  EventId id{0xAB12CD34, 1};
  for (auto _ : state) {
    ++id.seq;
    benchmark::DoNotOptimize(encoder.frame(id, notification));
  }
}
BENCHMARK(encode<SseEncoder>)->Arg(200)->Arg(4096);
BENCHMARK(encode<WebSocketEncoder>)->Arg(200)->Arg(4096);
BENCHMARK(encode<LongPollEncoder>)->Arg(200)->Arg(4096);

void parse(benchmark::State& state) {
  auto const body = padded(static_cast<std::size_t>(state.range(0))).body;
  for (auto _ : state) benchmark::DoNotOptimize(parse_notification(body));
}
BENCHMARK(parse)->Arg(200)->Arg(4096);

}  // namespace
}  // namespace pushlab::server

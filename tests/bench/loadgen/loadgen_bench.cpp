#include <benchmark/benchmark.h>

#include <array>
#include <string>

#include "loadgen/client/body_check.hpp"
#include "loadgen/client/marker.hpp"
#include "loadgen/client/sse_parser.hpp"
#include "loadgen/client/websocket_reader.hpp"
#include "loadgen/publisher/notification.hpp"
#include "loadgen/recorder/histogram.hpp"
#include "loadgen/recorder/recorder.hpp"
#include "loadgen/schedule/random.hpp"

namespace pushlab::loadgen {
namespace {

std::string event_of(std::size_t payload) {
  auto const data = R"({"name":"t0","type":"update","id":7,"data":")" + Marker(1).of(42) + ' ';
  return "id: 5f3a-17\nevent: db\ndata: " + data + std::string(payload - data.size(), 'x') +
         "\"}\n\n";
}

void histogram_record(benchmark::State& state) {
  std::array<std::int64_t, 1024> values{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<std::int64_t>(1e6 * random_exponential(1, Stream::arrivals, i));
  }
  Histogram histogram;
  std::size_t i = 0;
  for (auto _ : state) histogram.record(values[++i % values.size()]);
  benchmark::DoNotOptimize(histogram.total());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(histogram_record);

struct Finder final : SseSink {
  void on_event(SseEvent const& event) override {
    marker.find_all(event.data, [&](std::uint32_t index) { sum += index; });
  }
  Marker marker{1};
  std::uint64_t sum = 0;
};

void sse_parser_feed(benchmark::State& state) {
  auto const event = event_of(static_cast<std::size_t>(state.range(0)));
  SseParser parser;
  Finder finder;
  for (auto _ : state) parser.feed(event, finder);
  benchmark::DoNotOptimize(finder.sum);
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(event.size()));
}
BENCHMARK(sse_parser_feed)->Arg(200)->Arg(4096);

void sse_parser_feed_cut_in_two(benchmark::State& state) {
  auto const event = event_of(200);
  auto const half = std::string_view(event).substr(0, 100);
  auto const rest = std::string_view(event).substr(100);
  SseParser parser;
  Finder finder;
  for (auto _ : state) {
    parser.feed(half, finder);
    parser.feed(rest, finder);
  }
  benchmark::DoNotOptimize(finder.sum);
}
BENCHMARK(sse_parser_feed_cut_in_two);

void websocket_reader_next(benchmark::State& state) {
  auto const frame = std::string("\x81\x7e\x00\xc8", 4) + std::string(200, 'x');
  WebSocketReader reader;
  for (auto _ : state) {
    std::string_view input = frame;
    benchmark::DoNotOptimize(reader.next(input));
  }
}
BENCHMARK(websocket_reader_next);

// What the check of a body adds to each delivery: 1000 clients an event, the notification as it was
// published.
void body_check(benchmark::State& state) {
  LoadPlan plan;
  plan.payload_bytes = static_cast<unsigned>(state.range(0));
  ArrivalPlan const arrivals;
  Marker const marker(0x3fa2);
  NotificationWriter const writer(plan, arrivals, marker);
  BodyCheck bodies([&](std::uint32_t event) { return writer.notification(event); });
  std::uint64_t number = 0;
  std::string text;
  for (auto _ : state) {
    auto const event = static_cast<std::uint32_t>(number / 1000);
    if (number++ % 1000 == 0) text = writer.notification(event);
    benchmark::DoNotOptimize(bodies.is_whole(text, text.find("plab:"), event));
  }
}
BENCHMARK(body_check)->Arg(200)->Arg(4096);

// One event to all clients over and over: the check, two histograms, the second and the trace.
void recorder_delivered(benchmark::State& state) {
  LoadPlan plan;
  plan.clients = static_cast<unsigned>(state.range(0));
  Subscriptions const subscriptions(plan);
  ArrivalPlan const arrivals;
  Audience const audience(plan, arrivals, subscriptions);
  EventLog log(1 << 20);
  DeliveryCheck check(subscriptions, arrivals, audience, 0, plan.clients);
  Recorder recorder(log, check, false);
  recorder.set_measured(1, 1'000'000'000);
  for (std::size_t i = 0; i < log.size(); ++i) log[i].intended = log[i].sent = 1;
  std::uint64_t client = 0;
  std::uint32_t event = 0;
  for (auto _ : state) {
    recorder.delivered(client, event, 5'000'000);
    if (++client < plan.clients) continue;
    client = 0;
    if (++event == log.size()) state.SkipWithError("the log is used up");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(recorder_delivered)->Arg(1000)->Arg(15'000);

}  // namespace
}  // namespace pushlab::loadgen

#include <benchmark/benchmark.h>

#include "servers/hub/hub.hpp"
#include "servers/sse/sse_encoder.hpp"

namespace pushlab::server {
namespace {

struct CountingDelivery : Delivery {
  void deliver(std::span<Slot const> slots, Batch const& batch) override {
    for (auto const slot : slots) benchmark::DoNotOptimize(slot);
    deliveries += slots.size() * batch.events.size();
    bytes += slots.size() * batch.bytes.view.size();
  }
  std::size_t deliveries = 0, bytes = 0;
};

// What the hub costs for `subscribers` of one name and `events` in a turn, without any socket:
// items are deliveries. The events are made outside the clock.
void fan_out(benchmark::State& state) {
  SseEncoder const encoder;
  CountingDelivery delivery;
  HubOptions const options{.history = {.events = 1000}};
  Hub hub{1, options, encoder, delivery};
  for (Slot slot = 0; slot < static_cast<Slot>(state.range(0)); ++slot)
    hub.add(slot, {{{"t0"}, false}});
  std::uint64_t seq = 0;
  std::vector<EventPtr> turn(static_cast<std::size_t>(state.range(1)));
  for (auto _ : state) {
    state.PauseTiming();
    for (auto& event : turn) {
      auto made = std::make_shared<Event>();
      made->seq = ++seq;
      made->notification = {"t0", "update", "7", {}, std::string(200, 'x')};
      made->frame = encoder.frame({1, seq}, made->notification);
      event = std::move(made);
    }
    state.ResumeTiming();
    for (auto const& event : turn) hub.publish(event);
    hub.run_turn();
  }
  if (delivery.deliveries !=
      static_cast<std::size_t>(state.iterations() * state.range(0) * state.range(1)))
    state.SkipWithError("a delivery is missing");
  state.SetItemsProcessed(static_cast<std::int64_t>(delivery.deliveries));
}
BENCHMARK(fan_out)->ArgNames({"subscribers", "events"})->ArgsProduct({{1000, 10'000}, {1, 16}});

}  // namespace
}  // namespace pushlab::server

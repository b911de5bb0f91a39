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

// One hub, without any socket; items are deliveries. The events are made outside the clock.
struct Bench {
  explicit Bench(HubOptions const& options) : hub(1, options, encoder, delivery) {}

  void run(benchmark::State& state, Notification const& notification, std::size_t events,
           std::size_t receivers) {
    std::uint64_t seq = 0;
    std::vector<EventPtr> turn(events);
    for (auto _ : state) {
      state.PauseTiming();
      for (auto& event : turn) {
        auto made = std::make_shared<Event>();
        made->seq = ++seq;
        made->notification = notification;
        made->frame = encoder.frame({1, seq}, made->notification);
        event = std::move(made);
      }
      state.ResumeTiming();
      for (auto const& event : turn) hub.publish(event);
      hub.run_turn();
    }
    if (delivery.deliveries != static_cast<std::size_t>(state.iterations()) * events * receivers)
      state.SkipWithError("a delivery is missing");
    state.SetItemsProcessed(static_cast<std::int64_t>(delivery.deliveries));
  }

  SseEncoder encoder;
  CountingDelivery delivery;
  Hub hub;
};

Notification of_name(std::string name) {
  return {std::move(name), "update", "7", {}, std::string(200, 'x'), "7"};
}

// What the hub costs for `subscribers` of one name and `events` in a turn.
void fan_out(benchmark::State& state) {
  HubOptions const options{.history = {.events = 1000}};
  Bench bench{options};
  auto const subscribers = static_cast<std::size_t>(state.range(0));
  for (Slot slot = 0; slot < subscribers; ++slot) bench.hub.add(slot, {{{"t0"}, false}});
  bench.run(state, of_name("t0"), static_cast<std::size_t>(state.range(1)), subscribers);
}
BENCHMARK(fan_out)->ArgNames({"subscribers", "events"})->ArgsProduct({{1000, 10'000}, {1, 16}});

// The same for those who asked for all, when the rules know `crowds` kinds of them.
void fan_out_to_all(benchmark::State& state) {
  HubOptions const options{.history = {.events = 1000},
                           .rules = AccessRules{{{"t*", AccessRules::Rule::Who::authenticated}}}};
  Bench bench{options};
  auto const crowds = static_cast<std::size_t>(state.range(1));
  for (Slot slot = 0; slot < 10'000; ++slot)
    bench.hub.add(slot, {{{}, true}, {true, {"role" + std::to_string(slot % crowds)}}});
  bench.run(state, of_name("t0"), static_cast<std::size_t>(state.range(0)), 10'000);
}
BENCHMARK(fan_out_to_all)->ArgNames({"events", "crowds"})->ArgsProduct({{1, 16}, {1, 100}});

// An account's change, for the three connections of its user among 10,000 others.
void fan_out_of_account(benchmark::State& state) {
  HubOptions const options{.history = {.events = 1000}};
  Bench bench{options};
  for (Slot slot = 0; slot < 10'000; ++slot)
    bench.hub.add(slot, {{{"t0"}, false}, {true, {}}, std::to_string(slot / 3)});
  bench.run(state, of_name("user"), 1, 3);
}
BENCHMARK(fan_out_of_account);

}  // namespace
}  // namespace pushlab::server

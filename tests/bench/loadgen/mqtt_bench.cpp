// A delivery by our MQTT codec and by libmosquitto, which has to be fed through a socket. The
// argument is the QoS; at 1 the delivery is acknowledged.
#include <benchmark/benchmark.h>

#include <string>

#include "loadgen/client/mqtt_packet.hpp"
#include "tests/unit/loadgen/library_client.hpp"

namespace pushlab::loadgen {
namespace {

using namespace std::string_literals;

std::string publish(benchmark::State const& state) {
  return mqtt_publish("t0", std::string(200, 'x'), static_cast<std::uint8_t>(state.range(0)), 7);
}

void mqtt_codec_delivery(benchmark::State& state) {
  auto const bytes = publish(state);
  MqttReader reader;
  for (auto _ : state) {
    std::string_view input = bytes;
    auto const packet = reader.next(input);
    auto const message = packet ? read_publish(*packet) : std::nullopt;
    if (!message) return state.SkipWithError("the packet was not read");
    if (message->qos > 0) benchmark::DoNotOptimize(mqtt_puback(message->id));
  }
}
BENCHMARK(mqtt_codec_delivery)->Arg(0)->Arg(1);

void libmosquitto_delivery(benchmark::State& state) {
  auto const bytes = publish(state);
  LibraryClient library;
  library.said();
  library.hears("\x20\x02\0\0"s);
  for (auto _ : state) {
    if (library.hears(bytes).empty()) return state.SkipWithError("the packet was not read");
    if (state.range(0) > 0) benchmark::DoNotOptimize(library.said());
  }
}
BENCHMARK(libmosquitto_delivery)->Arg(0)->Arg(1);

}  // namespace
}  // namespace pushlab::loadgen

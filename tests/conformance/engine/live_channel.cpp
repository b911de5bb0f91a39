#include "tests/conformance/engine/live_channel.hpp"

#include <algorithm>

namespace pushlab::conformance {
namespace {

constexpr double try_s = 1;  // who subscribes behind the head has missed the first event

}  // namespace

SseBlock until_live(Endpoint& endpoint, Endpoint::Channel const& channel, EventStream& stream) {
  auto const deadline = Deadline::in(endpoint.settings().delivery_s);
  while (!deadline.over()) {
    auto const marker = endpoint.marker();
    endpoint.publish(channel, marker);
    auto const until = std::min(deadline.when(), Deadline::in(try_s).when());
    if (auto const* event = stream.await(marker, Deadline::at(until))) return *event;
    if (stream.body().end != Body::End::open) throw Skip("the stream ended before an event came");
  }
  throw Skip("nothing that was published came to the stream: is it the right name to publish?");
}

LiveChannel live_channel(Endpoint& endpoint) {
  auto channel = endpoint.channel();
  auto stream = open_stream(endpoint, channel.url);
  until_live(endpoint, channel, stream);
  return {std::move(channel), std::move(stream)};
}

}  // namespace pushlab::conformance

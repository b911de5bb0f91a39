#include "tests/conformance/heartbeat/silence.hpp"

#include <algorithm>

#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/engine/upgrade.hpp"

namespace pushlab::conformance {
namespace {

// What comes in the first `greeting_s` is no heartbeat.
Silence measured(Instant begin, std::vector<Instant> const& arrivals, Instant end,
                 double greeting_s) {
  Silence silence;
  silence.listened_s = seconds_between(begin, end);
  auto last = begin;
  auto const heard = [&](Instant at) {
    silence.longest_s = std::max(silence.longest_s, seconds_between(last, at));
    last = at;
  };
  for (auto const at : arrivals) {
    heard(at);
    if (seconds_between(begin, at) > greeting_s) silence.arrivals.push_back(at);
  }
  heard(end);
  return silence;
}

Silence of_stream(Endpoint& endpoint) {
  auto const capture = long_capture(endpoint);
  std::vector<Instant> arrivals;
  for (auto const& piece : capture->body.pieces) arrivals.push_back(piece.at);
  bool const ended = capture->body.end != Body::End::open;
  auto silence =
      measured(capture->head.at, arrivals, ended ? capture->body.ended_at : capture->until,
               endpoint.settings().still_open_s);
  silence.ended = ended;
  return silence;
}

Silence of_websocket(Endpoint& endpoint) {
  auto peer = open_websocket(endpoint);
  auto const begin = Clock::now();
  peer.listen(endpoint.settings().listen_s);
  std::vector<Instant> arrivals;
  for (auto const& frame : peer.log().frames) arrivals.push_back(frame.at);
  bool const ended = peer.ended_by() != Arrival::Kind::nothing;
  auto silence = measured(begin, arrivals, ended ? peer.ended_at() : Clock::now(),
                          endpoint.settings().still_open_s);
  silence.ended = ended;
  return silence;
}

}  // namespace

Silence quiet_silence(Endpoint& endpoint) {
  return *endpoint.once<Silence>("silence", [&endpoint] {
    return endpoint.strategy() == Strategy::websocket ? of_websocket(endpoint)
                                                      : of_stream(endpoint);
  });
}

}  // namespace pushlab::conformance

#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "tests/conformance/engine/rule.hpp"

namespace pushlab::conformance {

// Something between endpoint and client that ends what is silent for too long, as its documents say
// of its defaults.
struct Intermediary {
  static constexpr double never = std::numeric_limits<double>::infinity();
  // What is ended after the time whatever is sent, since it counts from the begin of the answer.
  enum class Whole { none, streams, streams_and_websockets };

  std::string_view id;
  double stream_s;     // silence on a stream
  double poll_s;       // until the first byte of an answer
  double websocket_s;  // silence on a WebSocket
  Whole whole = Whole::none;
  std::string_view note = {};

  double limit_s(Strategy strategy) const;
  bool ends_whatever_is_sent(Strategy strategy) const;
};

std::span<Intermediary const> intermediaries();
// Null when there is none of this id.
Intermediary const* find_intermediary(std::string_view id);

// "survives nginx (60 s), caddy; close to the limit of h2o (30 s); cut by azure-app-gateway (20 s)"
// at this silence.
std::string survived_paths(Strategy strategy, double silence_s);

}  // namespace pushlab::conformance

#pragma once
// Results made up by formula, in the form that the driver writes: repetitions only, not summarised.

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace pushlab::sample {

// A fixed sequence of numbers in [0, 1), the same on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  double uniform();
  double normal();

 private:
  std::uint64_t state_;
};

// What one made-up target does. Latencies in ms.
struct Target {
  std::string id;
  std::string title;
  std::string strategy;
  // The latency of one delivery, without the event's lag; `client_share` is the client's place in
  // the fan-out, 0..1.
  std::function<double(Random&, double client_share)> latency_ms;
  double cpu_us = 6;
  double memory_kib = 8;
  double kernel_kib = 9;
  double bytes = 240;   // per delivery
  double requests = 0;  // per delivery, beyond one a client
  double useless_share = 0;
  std::uint64_t lost = 0;        // clients that miss the last event of each repetition
  std::uint64_t unentitled = 0;  // events in each repetition that a client had not subscribed to
};

struct Plan {
  std::uint32_t clients = 200;
  std::uint32_t events = 80;
  std::uint32_t repetitions = 3;
  double rate = 10;
  double lag_ms = 0.08;
  std::uint64_t seed = 1;
};

boost::json::object repetition(Plan const& plan, Target const& target, std::uint32_t block);
boost::json::object result(Plan const& plan, std::vector<Target> const& targets);

// Two streams, long polling and short polling once a second, and a page reload: what the tests look
// at.
std::vector<Target> five_targets();

}  // namespace pushlab::sample

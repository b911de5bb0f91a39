#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "driver/target.hpp"

namespace pushlab::driver {

// Requests to two servers that answer the same: one after the other, in adjacent pairs, each pair
// in a random order. What the machine does to one it does to the other.
//
// Each gives the time in us, and throws std::runtime_error when there was no good answer.
using Probe = std::function<double()>;
// As many pairs as were asked for, or those that fitted into `most` but at least `least_pairs`, or
// none more once the driver is interrupted.
constexpr unsigned least_pairs = 30;
std::vector<std::pair<double, double>> probe_pairs(
    Probe const& base, Probe const& head, unsigned pairs, std::uint64_t seed,
    std::chrono::seconds most = std::chrono::seconds(20));

// The URL of one client that subscribes to "t0".
std::string probe_url(Target const& target, std::string const& client_base);

// A new connection of a stream: from connect() until the answer's header is there; then it is
// closed.
Probe setup_probe(Target const& target, std::string const& client_base);
// A GET on a connection that is kept: from the request until the answer is whole.
Probe get_probe(Target const& target, std::string const& client_base);

}  // namespace pushlab::driver

// Counter-based random numbers: a value depends on (seed, stream, index) alone.
//
// Any worker can take any slice of a stream, and a new stream shifts no other. No std::
// distribution, because their output differs between standard libraries. The mixer is SplitMix64's
// finaliser (Steele, Lea, Flood, 2014).
#pragma once

#include <cmath>
#include <cstdint>

namespace pushlab::loadgen {

// One stream per use: a seed gives the same arrivals whatever else draws from it.
enum class Stream : std::uint64_t {
  arrivals = 1,
  subscriptions = 2,
  poll_phase = 3,
  websocket = 4,
  states = 5,
  thinning = 6,
  ranks = 7,
  sessions = 8,
  slow_readers = 9,
  refresh = 10,
  pair_order = 11,
  pair_pause = 12,
  relay = 31,
  backoff = 32
};

constexpr std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

constexpr std::uint64_t random_bits(std::uint64_t seed, Stream stream, std::uint64_t index) {
  return mix(mix(mix(seed) ^ static_cast<std::uint64_t>(stream)) ^ index);
}

// In [0, 1), with 53 bits.
constexpr double random_unit(std::uint64_t seed, Stream stream, std::uint64_t index) {
  return static_cast<double>(random_bits(seed, stream, index) >> 11) * 0x1.0p-53;
}

// Exponential with mean 1, by inverse transform; never infinite.
inline double random_exponential(std::uint64_t seed, Stream stream, std::uint64_t index) {
  return -std::log1p(-random_unit(seed, stream, index));
}

}  // namespace pushlab::loadgen

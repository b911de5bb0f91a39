#include "loadgen/client/backoff.hpp"

#include <algorithm>

#include "loadgen/schedule/random.hpp"

namespace pushlab::loadgen {

std::int64_t backoff_ns(std::uint64_t seed, std::uint32_t client, unsigned failures,
                        std::int64_t asked_ms) {
  constexpr std::int64_t longest_ms = 10'000;
  auto const grown_ms = std::min(asked_ms << std::min(failures, 3U), longest_ms);
  auto const draw =
      random_unit(seed, Stream::backoff, std::uint64_t{client} << 8 | std::min(failures, 255U));
  return static_cast<std::int64_t>(static_cast<double>(grown_ms) * 1e6 * (1 + draw / 2));
}

}  // namespace pushlab::loadgen

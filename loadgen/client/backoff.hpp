// How long a client waits before it tries again.
#pragma once

#include <cstdint>

namespace pushlab::loadgen {

// Never shorter than `asked_ms` and up to half of it longer, drawn for each client and attempt, so
// that a crowd which was cut at once does not come back at once; twice as long after each failed
// attempt, eight times at most. Never longer than 10 s, and half of that.
std::int64_t backoff_ns(std::uint64_t seed, std::uint32_t client, unsigned failures,
                        std::int64_t asked_ms);

}  // namespace pushlab::loadgen

// Which names each client subscribes to. A name is its number: 3 is "t3".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "loadgen/load_plan.hpp"

namespace pushlab::loadgen {

class Subscriptions {
 public:
  // Uniform: round-robin, so that every name has as many clients as any other (one more or less).
  // Zipf: the k-th most popular name with weight 1 / k^exponent, drawn without repetition from the
  // plan's seed, which also decides which name has which rank.
  explicit Subscriptions(LoadPlan const& plan);

  std::span<std::uint32_t const> of(std::uint64_t client) const {
    return {names_.data() + client * per_client_, per_client_};
  }
  std::string joined(std::uint64_t client) const;  // "t0,t4"
  std::uint64_t subscribers(std::uint32_t name) const { return subscribers_[name]; }

 private:
  std::size_t per_client_;
  std::vector<std::uint32_t> names_;
  std::vector<std::uint64_t> subscribers_;
};

}  // namespace pushlab::loadgen

// Of whom an event is expected: of all who subscribed to its name, without slow readers and without
// those who are away at its intended time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "loadgen/schedule/arrival_plan.hpp"
#include "loadgen/schedule/sessions.hpp"
#include "loadgen/schedule/subscriptions.hpp"

namespace pushlab::loadgen {

class Audience {
 public:
  // All three outlive it.
  Audience(LoadPlan const& plan, ArrivalPlan const& arrivals, Subscriptions const& subscriptions);

  std::uint64_t expected(std::uint32_t event) const {
    return readers_[arrivals_.name_of(event)] - absent(event);
  }
  std::uint64_t absent(std::uint32_t event) const {
    return event < absent_.size() ? absent_[event] : 0;
  }

  bool has_churn() const { return !absences_.empty(); }
  std::span<Absence const> absences(std::uint64_t client) const { return absences_[client]; }
  // REQUIRES: has_churn()
  bool is_absent(std::uint64_t client, std::uint32_t event) const;
  // How many of the clients [first, first + count) are away at each event they subscribed to;
  // nothing without churn.
  std::vector<std::uint32_t> absent_by_event(std::uint64_t first, std::uint64_t count) const;

  bool is_slow(std::uint64_t client) const { return !slow_.empty() && slow_[client]; }
  std::uint64_t slow_readers() const { return slow_readers_; }

 private:
  void choose_slow_readers(LoadPlan const& plan);

  ArrivalPlan const& arrivals_;
  Subscriptions const& subscriptions_;
  std::vector<bool> slow_;  // by client; empty: none
  std::uint64_t slow_readers_ = 0;
  std::vector<std::uint64_t> readers_;          // by name, without the slow
  std::vector<std::vector<Absence>> absences_;  // by client; empty: nobody leaves
  std::vector<std::uint32_t> absent_;           // by event, of all clients
};

}  // namespace pushlab::loadgen

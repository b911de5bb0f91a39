#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/target.hpp"

namespace pushlab::driver {

// A workload and the targets that carry it: scenarios/<name>.toml. Every key is explained in
// scenarios/README.md.
struct Scenario {
  // A target's own values; absent ones are the scenario's.
  struct Entry {
    std::string id;
    std::string place;  // "file:line", for errors
    std::optional<unsigned> repetitions;
    std::optional<double> poll_interval_s;
    std::optional<double> reload_interval_s;
    std::optional<double> wait_s;
  };

  // Between the clients and the server; see loadgen/relay.
  struct Network {
    double delay_ms = 0;
    double jitter_ms = 0;
    double loss = 0;
    double rate_kbit_s = 0;  // 0: no limit
  };
  struct Disruption {
    std::string kind;   // "kill", "drain" or "restart"
    double at_s = 0;    // into the measured phase
    double down_s = 0;  // from its end to its new start
  };

  std::string name;
  std::filesystem::path file;
  std::string text;
  std::string title;
  std::string description;
  std::vector<Entry> targets;

  unsigned clients = 0;
  unsigned names = 1;
  unsigned subscriptions = 1;
  std::string arrivals;
  double rate = 0;
  std::optional<unsigned> burst_size;
  unsigned payload_bytes = 0;
  double warmup_s = 0;
  double measure_s = 0;
  double drain_s = 0;
  unsigned repetitions = 1;
  std::uint64_t seed = 1;
  std::optional<double> poll_interval_s;
  std::optional<double> reload_interval_s;
  std::optional<double> wait_s;
  std::string via;  // the proxy before the server, as read_proxy() takes it; empty: none
  std::optional<Network> network;
  std::optional<Disruption> disruption;
};

// Both throw InputError with file and line.
Scenario read_scenario(std::filesystem::path const& file);
Scenario parse_scenario(std::string_view text, std::filesystem::path const& file);

// The scenario with at most one repetition and at most 5 s of measuring: `run --quick`.
Scenario shortened(Scenario scenario);

// Throws InputError when an entry sets a value that its target's strategy has no use for.
void check_entry(Scenario::Entry const& entry, std::string const& strategy);

// What the load generator is told beside the workload; a key without use for the strategy is
// absent.
boost::json::object options_of(Scenario const& scenario, Scenario::Entry const& entry,
                               Target const& target);

// The "scenario" object of result.json.
boost::json::object to_json(Scenario const& scenario);

}  // namespace pushlab::driver

#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/client_options.hpp"
#include "driver/target.hpp"
#include "driver/toml_reader.hpp"

namespace pushlab::driver {

// A workload and the targets that carry it: scenarios/<name>.toml. Every key is explained in
// scenarios/README.md.
struct Scenario {
  // A target and what it has of its own; several variants of one target stand under several names.
  struct Entry {
    std::string id;     // of the target's file
    std::string name;   // in the result; the id unless `as` gives another
    std::string place;  // "file:line", for errors
    std::string title;  // empty: the target's
    std::optional<unsigned> repetitions;
    std::vector<std::string> server_args;  // behind the target's command
    toml::table own;                       // keys of the scenario that differ for it
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
  toml::table over;  // keys that somebody else set instead of the text
  std::string title;
  std::string description;
  std::vector<Entry> targets;

  unsigned clients = 0;
  unsigned names = 1;
  unsigned subscriptions = 1;
  std::string arrivals;
  double rate = 0;
  std::optional<unsigned> burst_size;
  std::string popularity = "uniform";
  std::filesystem::path trace;            // what arrivals = "trace" replays, empty otherwise
  std::map<std::string, double> numbers;  // of workload_keys(), those that are set
  unsigned payload_bytes = 0;
  double warmup_s = 0;
  double measure_s = 0;
  double drain_s = 0;
  unsigned repetitions = 1;
  std::uint64_t seed = 1;
  std::optional<double> poll_interval_s;
  std::optional<double> reload_interval_s;
  std::optional<double> wait_s;
  ClientOptions client;
  unsigned tls_setups = 0;    // streams that are opened with TLS after each repetition; 0: none
  bool system_calls = false;  // count those of a delivery once for each target, before all else
  std::string via;            // the proxy before the server, as read_proxy() takes it; empty: none
  std::optional<Network> network;
  std::optional<Disruption> disruption;
};

// Both throw InputError with file and line. `over` takes the place of keys in the text.
Scenario read_scenario(std::filesystem::path const& file, toml::table const& over = {});
Scenario parse_scenario(std::string_view text, std::filesystem::path const& file,
                        toml::table const& over = {});

// The scenario with at most one repetition and at most 5 s of measuring: `run --quick`.
Scenario shortened(Scenario scenario);

// Whether its two targets are measured at the same time, an event of one after an event of the
// other (`arrivals = "paired"`, "paired-irregular").
bool takes_turns(Scenario const& scenario);

// Throws InputError when an entry sets a value that its target's strategy has no use for.
void check_entry(Scenario::Entry const& entry, std::string const& strategy);

// The scenario as it is for this entry.
Scenario variant_of(Scenario const& scenario, Scenario::Entry const& entry);

// The scenario without disruption, churn and slow readers: what the floor is measured under. The
// null server keeps nothing for a client that is away or slow.
Scenario undisturbed(Scenario scenario);

// Throws InputError when the scenario's workload is not for clients of this strategy.
void check_workload(Scenario const& scenario, std::string const& strategy);

// What the load generator is told beside the workload; a key without use for the strategy is
// absent.
boost::json::object options_of(Scenario const& scenario, Scenario::Entry const& entry,
                               Target const& target);

std::string sha256_hex(std::string_view text);

// The "scenario" object of result.json.
boost::json::object to_json(Scenario const& scenario);

}  // namespace pushlab::driver

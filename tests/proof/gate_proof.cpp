// Judges the stored gates of results/gate-proof again, by today's rules: what scripts/prove-gate
// measured is worth a promise only as long as the judge still keeps it.
//
//   gate_proof RULES FOLDER        a table; exit status 1 when a promise is broken
//   gate_proof --faults RULES FILE the settings of gate_fault.cpp that make 8 % and 20 % of what
//   the gates in FILE measured
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "driver/gate_file.hpp"
#include "results/gate_judge.hpp"

namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using namespace pushlab;
using results::GateRestart;
using results::GateVerdict;
using results::median;

struct StoredGate {
  std::vector<GateRestart> restarts;
  double duration_s = 0;
  bool invalid = false;
};

std::vector<StoredGate> read_gates(fs::path const& file) {
  std::vector<StoredGate> gates;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    auto const report = json::parse(line).as_object();
    auto const& target = report.at("targets").at(0).as_object();
    StoredGate gate;
    gate.duration_s = target.at("duration_s").to_number<double>();
    gate.invalid = target.at("verdict") == "invalid";
    for (auto const& restart : target.at("raw").at("restarts").as_array())
      gate.restarts.push_back(results::restart_from_json(restart.as_object()));
    gates.push_back(std::move(gate));
  }
  return gates;
}

bool keeps(bool kept, std::string const& promise, std::string const& found) {
  fmt::print("{:<8} {:<66} {}\n", kept ? "kept" : "BROKEN", promise, found);
  return kept;
}

GateVerdict verdict_on(results::GateRules const& rules, StoredGate const& gate) {
  return gate.invalid ? GateVerdict::invalid
                      : results::verdict_of(results::judge(rules, gate.restarts));
}

std::string durations(std::vector<StoredGate> const& gates) {
  std::vector<double> seconds;
  for (auto const& gate : gates) seconds.push_back(gate.duration_s);
  return fmt::format("{:.0f} s a gate, {:.0f} s at most", median(seconds),
                     *std::ranges::max_element(seconds));
}

// Gates of the same binary on both sides, as they were measured.
bool same_pass(results::GateRules const& rules, std::vector<StoredGate> const& gates,
               std::string const& where) {
  if (gates.empty()) return keeps(false, "A/A, " + where, "none was measured");
  std::array<std::size_t, 4> count{};
  for (auto const& gate : gates) ++count.at(static_cast<std::size_t>(verdict_on(rules, gate)));
  auto const of = [&](GateVerdict verdict) { return count.at(static_cast<std::size_t>(verdict)); };
  return keeps(of(GateVerdict::fail) == 0 && of(GateVerdict::pass) * 10 >= gates.size() * 9,
               fmt::format("A/A, {}: none fails, 9 of 10 pass", where),
               fmt::format("{} of {} pass, {} fail, {} undecided, {} invalid; {}",
                           of(GateVerdict::pass), gates.size(), of(GateVerdict::fail),
                           of(GateVerdict::undecided), of(GateVerdict::invalid), durations(gates)));
}

// Gates put together from all restarts at random, each with base and head exchanged or not.
bool assembled_pass(results::GateRules const& rules, std::vector<StoredGate> const& gates,
                    std::string const& where) {
  constexpr int assembled = 100;
  std::vector<GateRestart> pool;
  for (auto const& gate : gates)
    pool.insert(pool.end(), gate.restarts.begin(), gate.restarts.end());
  if (pool.size() < rules.looks.back())
    return keeps(false, "A/A, assembled, " + where, "too few restarts were measured");
  std::mt19937_64 random(20261129);
  int failed = 0, passed = 0;
  for (int gate = 0; gate < assembled; ++gate) {
    std::ranges::shuffle(pool, random);
    std::vector<GateRestart> drawn(pool.begin(), pool.begin() + rules.looks.back());
    for (auto& restart : drawn)
      if (random() & 1) restart = results::flipped(std::move(restart));
    auto const verdict = results::verdict_of(results::judge(rules, drawn));
    failed += verdict == GateVerdict::fail;
    passed += verdict == GateVerdict::pass;
  }
  return keeps(failed <= assembled / 100 && passed * 10 >= assembled * 9,
               fmt::format("A/A, assembled from {} restarts, {}: 1 of 100 fails at most",
                           pool.size(), where),
               fmt::format("{} of {} fail, {} pass", failed, assembled, passed));
}

struct Fault {
  char const* file;
  char const* metric;
  char const* title;
};
constexpr std::array faults{
    Fault{"latency", "event_p50_ms", "8 % more latency a delivery"},
    Fault{"cpu", "cpu_us_per_delivery", "8 % more CPU a delivery"},
    Fault{"stalls", "stalled_events", "2 % of the events late by 5 ms"},
    Fault{"memory", "memory_kib_per_connection", "20 % more memory a connection"}};

bool is_caught(results::GateRules const& rules, Fault const& fault,
               std::vector<StoredGate> const& gates) {
  if (gates.empty()) return keeps(false, fault.title, "none was measured");
  std::size_t caught = 0;
  std::vector<double> effects;
  for (auto const& gate : gates) {
    for (auto const& metric : results::judge(rules, gate.restarts)) {
      if (metric.id != fault.metric) continue;
      caught += metric.verdict == GateVerdict::fail;
      effects.push_back(metric.effect.value_or(0));
    }
  }
  if (effects.empty()) return keeps(false, fault.title, "its metric was never measured");
  return keeps(caught * 20 >= gates.size() * 19, fmt::format("{}: 19 of 20 caught", fault.title),
               fmt::format("{} of {}, measured as {:+.1f} %; {}", caught, gates.size(),
                           median(effects) * 100, durations(gates)));
}

// The spread of the restarts' values, for whoever plans a gate.
void print_spread(std::vector<StoredGate> const& gates, std::string const& where) {
  std::map<std::string, std::vector<double>> effects;
  for (auto const& gate : gates)
    for (auto const& restart : gate.restarts)
      for (auto const& [metric, value] : restart.values) effects[metric].push_back(value.effect);
  for (auto const& [metric, values] : effects) {
    double squares = 0;
    for (auto const value : values) squares += value * value;
    fmt::print("         {:<66} {:.2f} %\n",
               fmt::format("spread of a restart's {}, {}", metric, where),
               100 * std::sqrt(squares / static_cast<double>(values.size())));
  }
}

std::vector<StoredGate> joined(std::vector<StoredGate> one, std::vector<StoredGate> const& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

int prove(driver::GateFile const& file, fs::path const& folder) {
  bool kept = true;
  for (std::string const where : {"quiet", "busy"}) {
    auto const gates = read_gates(folder / fmt::format("same-{}.ndjson", where));
    kept &= same_pass(file.rules, gates, where);
    kept &= assembled_pass(file.rules, gates, where);
    print_spread(gates, where);
  }
  kept &= same_pass(file.rules, read_gates(folder / "shuffled-quiet.ndjson"),
                    "other link order, quiet");
  for (auto const& fault : faults)
    kept &= is_caught(file.rules, fault,
                      joined(read_gates(folder / fmt::format("{}-quiet.ndjson", fault.file)),
                             read_gates(folder / fmt::format("{}-busy.ndjson", fault.file))));
  return kept ? 0 : 1;
}

// GATE_FAULT_... of gate_fault.cpp for the machine that the gates ran on.
int print_faults(driver::GateFile const& file, fs::path const& gates_file) {
  std::map<std::string, std::vector<double>> base;
  for (auto const& gate : read_gates(gates_file))
    for (auto const& restart : gate.restarts)
      for (auto const& [metric, value] : restart.values) base[metric].push_back(value.base);
  // The median subscriber waits for half of the deliveries.
  fmt::print("latency GATE_FAULT_SEND_NS={:.0f}\n",
             0.08 * median(base.at("event_p50_ms")) * 1e6 / (file.clients / 2.0));
  fmt::print("cpu GATE_FAULT_LATER_NS={:.0f}\n",
             0.08 * median(base.at("cpu_us_per_delivery")) * 1e3);
  fmt::print("stalls GATE_FAULT_STALL_MS=5\n");
  fmt::print("memory GATE_FAULT_ACCEPT_B={:.0f}\n",
             0.2 * median(base.at("memory_kib_per_connection")) * 1024);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  bool const asks_faults = !words.empty() && words[0] == "--faults";
  if (asks_faults) words.erase(words.begin());
  if (words.size() != 2) {
    fmt::print(stderr, "usage: gate_proof [--faults] RULES.toml FOLDER|FILE\n");
    return 2;
  }
  try {
    auto const file = driver::read_gate_file(words[0]);
    return asks_faults ? print_faults(file, words[1]) : prove(file, words[1]);
  } catch (std::exception const& error) {
    fmt::print(stderr, "gate_proof: {}\n", error.what());
    return 2;
  }
}

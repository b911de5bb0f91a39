// Judges the stored gates of results/gate-proof again, by today's rules: what scripts/prove-gate
// measured is worth a promise only as long as the judge still keeps it.
//
//   gate_proof RULES FOLDER        a table for it and each folder below that has gates; exit status
//                                  1 when a promise is broken
//   gate_proof --published RULES FOLDER
//                                  as well whether FOLDER itself has as many gates as are promised,
//                                  and 19 of 20 gates with a fault, counted and not estimated,
//                                  caught it
//   gate_proof --faults RULES FILE settings of gate_fault.cpp for the faults that this strategy can
//                                  have: 8 % and 20 % of what the gates in FILE measured
//
// A promise is broken when fewer than one in three gates that just keep it would do as badly: of 20
// one may miss a fault of which 19 in 20 have to be caught, of 7 none. That is no proof that it is
// kept; how much the number of gates proves is said in brackets.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
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
  std::string setup;  // what has to be the same in a folder
  std::string machine;
  std::vector<GateRestart> restarts;
  std::vector<GateRestart> discarded;
  std::set<std::string, std::less<>> metrics;  // that it judged
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
    auto const& machine = report.at("machine").as_object();
    gate.setup = fmt::format("{}, {} priority", target.at("title").as_string().c_str(),
                             machine.at("priority_raised").as_bool() ? "raised" : "kept");
    gate.machine = fmt::format("{}, {} cores", machine.at("cpu_model").as_string().c_str(),
                               machine.at("cores").to_number<int>());
    for (auto const& metric : target.at("metrics").as_array())
      gate.metrics.emplace(metric.at("id").as_string());
    for (auto const& restart : target.at("raw").at("restarts").as_array())
      gate.restarts.push_back(results::restart_from_json(restart.as_object()));
    for (auto const& restart : target.at("raw").at("discarded").as_array())
      gate.discarded.push_back(results::restart_from_json(restart.as_object()));
    gates.push_back(std::move(gate));
  }
  return gates;
}

// What too few gates were measured for is no promise, and none is broken.
void leave_open(std::string const& promise, std::string const& found) {
  fmt::print("{:<8} {:<72} {}\n", "open", promise, found);
}

using Binomial = boost::math::binomial_distribution<>;
constexpr double sureness = 0.95;

// How many of `count` gates may go wrong when `share` of them are allowed to.
std::size_t allowed(std::size_t count, double share) {
  auto wrong = count;
  Binomial const gates(static_cast<double>(count), share);
  while (wrong > 0 && cdf(complement(gates, static_cast<double>(wrong) - 1)) < 1.0 / 3) --wrong;
  return wrong;
}

// Of all such gates, with `sureness`.
std::string at_least(std::size_t found, std::size_t count) {
  return fmt::format("{:.0f} % or more", 100 * Binomial::find_lower_bound_on_p(
                                                   static_cast<double>(count),
                                                   static_cast<double>(found), 1 - sureness));
}
std::string at_most(std::size_t found, std::size_t count) {
  return fmt::format("{:.0f} % or less", 100 * Binomial::find_upper_bound_on_p(
                                                   static_cast<double>(count),
                                                   static_cast<double>(found), 1 - sureness));
}

bool keeps(bool kept, std::string const& promise, std::string const& found) {
  fmt::print("{:<8} {:<72} {}\n", kept ? "kept" : "BROKEN", promise, found);
  return kept;
}

GateVerdict verdict_on(results::GateRules const& rules, StoredGate const& gate) {
  return gate.invalid ? GateVerdict::invalid
                      : results::verdict_of(results::judge(rules, gate.restarts, gate.discarded));
}

constexpr double usual_most_s = 180, longest_s = 360;

bool is_quick(std::vector<StoredGate> const& gates) {
  std::vector<double> seconds;
  for (auto const& gate : gates) seconds.push_back(gate.duration_s);
  auto const usual = median(seconds), longest = *std::ranges::max_element(seconds);
  return keeps(usual <= usual_most_s && longest <= longest_s,
               fmt::format("{:.0f} s a gate typically, {:.0f} s at most", usual_most_s, longest_s),
               fmt::format("{:.0f} s, {:.0f} s", usual, longest));
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
  std::array<std::size_t, 4> count{};
  for (auto const& gate : gates) ++count.at(static_cast<std::size_t>(verdict_on(rules, gate)));
  auto const of = [&](GateVerdict verdict) { return count.at(static_cast<std::size_t>(verdict)); };
  auto const all = gates.size();
  auto const may_fail = allowed(all, 0.01), may_not_pass = allowed(all, 0.1);
  return keeps(
      of(GateVerdict::fail) <= may_fail && all - of(GateVerdict::pass) <= may_not_pass,
      fmt::format("A/A, {}: {}, {} of {} pass", where,
                  may_fail == 0 ? "none fails" : fmt::format("{} fail at most", may_fail),
                  all - may_not_pass, all),
      fmt::format("{} pass, {} fail ({}), {} undecided, {} invalid; {}", of(GateVerdict::pass),
                  of(GateVerdict::fail), at_most(of(GateVerdict::fail), all),
                  of(GateVerdict::undecided), of(GateVerdict::invalid), durations(gates)));
}

// Gates put together from all restarts at random, each with base and head exchanged or not.
bool assembled_pass(results::GateRules const& rules, std::vector<StoredGate> const& gates,
                    std::string const& where) {
  constexpr int assembled = 100;
  std::vector<GateRestart> pool;
  for (auto const& gate : gates)
    pool.insert(pool.end(), gate.restarts.begin(), gate.restarts.end());
  if (pool.size() < rules.looks.back()) {
    leave_open("A/A, assembled, " + where, "too few restarts were measured");
    return true;
  }
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
               fmt::format("A/A, assembled from {} restarts, {}: 1 of 100 fails at most, 90 pass",
                           pool.size(), where),
               fmt::format("{} of {} fail, {} pass", failed, assembled, passed));
}

struct Fault {
  char const* file;
  std::array<char const*, 2> metrics;  // the first that the strategy has
  char const* title;
};
constexpr std::array faults{
    Fault{"latency", {"event_p50_ms", "get_us"}, "8 % more latency"},
    Fault{"cpu", {"cpu_us_per_delivery", ""}, "8 % more CPU a delivery"},
    Fault{"stalls", {"stalled_events", ""}, "2 % of the events late"},
    Fault{"memory", {"memory_kib_per_connection", ""}, "20 % more memory a connection"}};

// Empty when the strategy of these gates has no such figure.
std::string metric_of(Fault const& fault, std::vector<StoredGate> const& gates) {
  for (std::string const metric : fault.metrics)
    for (auto const& gate : gates)
      for (auto const& restart : gate.restarts)
        if (restart.values.contains(metric) ||
            (metric == "stalled_events" && restart.stalls.pairs > 0))
          return metric;
  return "";
}

bool is_caught(results::GateRules const& rules, Fault const& fault, std::string const& wanted,
               std::vector<StoredGate> const& gates, bool is_published) {
  if (gates.empty()) return keeps(false, fault.title, "none was measured");
  std::size_t caught = 0;
  std::vector<double> effects;
  for (auto const& gate : gates) {
    for (auto const& metric : results::judge(rules, gate.restarts, gate.discarded)) {
      if (metric.id != wanted) continue;
      caught += metric.verdict == GateVerdict::fail;
      effects.push_back(metric.effect.value_or(0));
    }
  }
  if (effects.empty()) return keeps(false, fault.title, "its metric was never measured");
  auto const all = gates.size(), may_miss = is_published ? all / 20 : allowed(all, 0.05);
  return keeps(all - caught <= may_miss,
               fmt::format("{}: {} of {} caught", fault.title, all - may_miss, all),
               fmt::format("{} ({}), measured as {:+.1f} %; {}", caught, at_least(caught, all),
                           median(effects) * 100, durations(gates)));
}

// The spread of the restarts' values, for whoever plans a gate.
void print_spread(std::vector<StoredGate> const& gates, std::string const& where) {
  std::map<std::string, std::vector<double>> effects;
  for (auto const& gate : gates)
    for (auto const& restart : gate.restarts)
      for (auto const& [metric, value] : restart.values)
        effects[metric].push_back(value.effect.value_or(0));
  for (auto const& [metric, values] : effects) {
    double squares = 0;
    for (auto const value : values) squares += value * value;
    fmt::print("         {:<72} {:.2f} %\n",
               fmt::format("spread of a restart's {}, {}", metric, where),
               100 * std::sqrt(squares / static_cast<double>(values.size())));
  }
}

std::vector<StoredGate> joined(std::vector<StoredGate> one, std::vector<StoredGate> const& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

bool is_one_setup(std::vector<StoredGate> const& all) {
  auto const same =
      std::ranges::all_of(all, [&](auto const& gate) { return gate.setup == all.front().setup; });
  return same || keeps(false, "gates of one target, all with priority or none", "they differ");
}

// With the metrics that the strategy of these gates has.
results::GateRules rules_for(driver::GateFile const& file, std::vector<StoredGate> const& gates) {
  auto rules = file.rules;
  std::erase_if(rules.metrics, [&](auto const& rule) {
    return std::ranges::none_of(gates,
                                [&](auto const& gate) { return gate.metrics.contains(rule.id); });
  });
  return rules;
}

// How many gates of each kind a published proof has, quiet and busy together.
struct Published {
  char const* kind;
  std::size_t of_a_place, all;
};
constexpr std::array published{Published{"same", 20, 40},    Published{"shuffled", 0, 10},
                               Published{"latency", 10, 20}, Published{"cpu", 10, 20},
                               Published{"stalls", 10, 20},  Published{"memory", 10, 20}};

bool is_whole(fs::path const& folder) {
  bool whole = true;
  for (auto const& [kind, of_a_place, all] : published) {
    auto const quiet = read_gates(folder / fmt::format("{}-quiet.ndjson", kind)).size();
    auto const busy = read_gates(folder / fmt::format("{}-busy.ndjson", kind)).size();
    whole &= keeps(quiet >= of_a_place && busy >= of_a_place && quiet + busy >= all,
                   fmt::format("gates stored of {}: {} or more", kind, all),
                   fmt::format("{} quiet, {} busy", quiet, busy));
  }
  return whole;
}

bool prove_folder(driver::GateFile const& file, fs::path const& folder, bool is_published) {
  auto const gates_of = [&](std::string const& kind, std::string const& where) {
    return read_gates(folder / fmt::format("{}-{}.ndjson", kind, where));
  };
  auto const quiet = gates_of("same", "quiet");
  if (quiet.empty()) return keeps(false, folder.string(), "no quiet A/A gate was measured");
  fmt::print("{}: {}, {}; in brackets what the number of gates shows, {:.0f} % sure\n",
             folder.string(), quiet.front().setup, quiet.front().machine, sureness * 100);
  auto const rules = rules_for(file, quiet);
  bool kept = true;
  auto all = quiet;
  for (std::string const where : {"quiet", "busy"}) {
    auto const gates = gates_of("same", where);
    if (gates.empty()) {
      leave_open("A/A, " + where, "none was measured");
      continue;
    }
    kept &= same_pass(rules, gates, where);
    kept &= assembled_pass(rules, gates, where);
    print_spread(gates, where);
    all = joined(std::move(all), gates);
  }
  if (auto const shuffled = gates_of("shuffled", "quiet"); shuffled.empty()) {
    leave_open("A/A, other link order, quiet", "none was measured");
  } else {
    kept &= same_pass(rules, shuffled, "other link order, quiet");
    all = joined(std::move(all), shuffled);
  }
  for (auto const& fault : faults) {
    auto const metric = metric_of(fault, quiet);
    if (metric.empty()) {
      leave_open(fault.title, "does not apply: this strategy has no such figure");
      continue;
    }
    auto const gates = joined(gates_of(fault.file, "quiet"), gates_of(fault.file, "busy"));
    kept &= is_caught(rules, fault, metric, gates, is_published);
    all = joined(std::move(all), gates);
  }
  kept &= is_quick(all);
  return is_one_setup(all) && kept;
}

int prove(driver::GateFile const& file, fs::path const& folder, bool is_published) {
  std::vector<fs::path> folders;
  for (auto const& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().filename() == "same-quiet.ndjson")
      folders.push_back(entry.path().parent_path());
  if (folders.empty()) folders.push_back(folder);
  std::ranges::sort(folders);
  bool kept = !is_published || is_whole(folder);
  for (auto const& one : folders) kept &= prove_folder(file, one, is_published && one == folder);
  return kept ? 0 : 1;
}

// GATE_FAULT_... of gate_fault.cpp for the machine that the gates ran on.
int print_faults(driver::GateFile const& file, fs::path const& gates_file) {
  std::map<std::string, std::vector<double>> base;
  for (auto const& gate : read_gates(gates_file))
    for (auto const& restart : gate.restarts)
      for (auto const& [metric, value] : restart.values) base[metric].push_back(value.base);
  auto const usual = [&](char const* metric) {
    auto const found = base.find(metric);
    return found == base.end() ? 0 : median(found->second);
  };
  auto const print = [](char const* kind, char const* setting, double value) {
    if (value > 0) fmt::print("{} {}={:.0f}\n", kind, setting, value);
  };
  auto const event_ns = 0.08 * usual("event_p50_ms") * 1e6;
  auto const cpu_ns = 0.08 * usual("cpu_us_per_delivery") * 1e3;
  if (usual("memory_kib_per_connection") > 0) {  // a stream; the median subscriber waits for half
    print("latency", "GATE_FAULT_SEND_NS", event_ns / (file.clients / 2.0));
    print("cpu", "GATE_FAULT_LATER_NS", cpu_ns);
  } else {
    // A long poll. An event has two first sends, the answer to who published it is one of them; and
    // of what reads cost more, fewer wake-ups save a third.
    print("latency", "GATE_FAULT_FIRST_NS", event_ns / 2);
    print("cpu", "GATE_FAULT_RECV_NS", cpu_ns * 1.5);
    print("latency", "GATE_FAULT_SEND_NS", 0.08 * usual("get_us") * 1e3);  // GETs
  }
  // An event stalls when its last subscriber waits three times as long as usual.
  if (auto const last_ms = usual("event_last_ms"); last_ms > 0)
    print("stalls", "GATE_FAULT_STALL_MS", std::max(5.0, std::ceil(3 * last_ms)));
  print("memory", "GATE_FAULT_ACCEPT_B", 0.2 * usual("memory_kib_per_connection") * 1024);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  auto const takes = [&](char const* flag) {
    bool const is_there = !words.empty() && words[0] == flag;
    if (is_there) words.erase(words.begin());
    return is_there;
  };
  bool const asks_faults = takes("--faults"), is_published = takes("--published");
  if (words.size() != 2) {
    fmt::print(stderr, "usage: gate_proof [--faults|--published] RULES.toml FOLDER|FILE\n");
    return 2;
  }
  try {
    auto const file = driver::read_gate_file(words[0]);
    return asks_faults ? print_faults(file, words[1]) : prove(file, words[1], is_published);
  } catch (std::exception const& error) {
    fmt::print(stderr, "gate_proof: {}\n", error.what());
    return 2;
  }
}

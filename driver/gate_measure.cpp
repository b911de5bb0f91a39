#include "driver/gate_measure.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "driver/gate_load.hpp"
#include "driver/interrupt.hpp"
#include "driver/one_core.hpp"
#include "driver/paired_probe.hpp"
#include "driver/proc_sampler.hpp"
#include "driver/scenario_run.hpp"
#include "driver/target_process.hpp"
#include "loadgen/schedule/random.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
namespace {

constexpr std::array names{"base", "head"};
constexpr unsigned gets_a_probe = 5;

struct Side {
  Target const& target;
  std::unique_ptr<TargetProcess> server;
  std::optional<ProcSampler> sampler;
  int sockets = 0;  // before the first client
};
using Sides = std::array<Side, 2>;

milliseconds ms_of(double seconds) {
  return milliseconds(static_cast<std::int64_t>(seconds * 1e3));
}

// 0, 1 or 1, 0: who comes first is drawn for each step of a restart.
std::array<std::size_t, 2> order_of(std::uint64_t seed, std::uint64_t step) {
  auto const first =
      static_cast<std::size_t>(loadgen::random_bits(seed, loadgen::Stream::pair_order, ~step) & 1);
  return {first, 1 - first};
}

// Long enough for both generators to start and connect; whoever is late says so.
double lead_s(GateFile const& gate) {
  return 0.5 + 0.001 * gate.clients;
}

bool has_events(std::string const& strategy) {
  return strategy != "short-poll" && strategy != "reload";
}

bool is_stream(std::string const& strategy) {
  return has_events(strategy) && strategy != "long-poll";
}

// Base has to become ready, or there is nothing to compare with; a head that does not is a fault.
Sides start(results::GateRestart& restart, GateTargets const& targets, Cores const& cores,
            std::uint64_t seed, fs::path const& folder) {
  Sides sides{{{targets[0], {}, {}}, {targets[1], {}, {}}}};
  std::array<std::string, 2> trouble;
  for (auto const side : order_of(seed, 0)) {
    auto const files = folder / fmt::format("{}.files", names[side]);
    auto const log = folder / fmt::format("{}.server.log", names[side]);
    auto& one = sides[side];
    try {
      one.server = std::make_unique<TargetProcess>(
          one.target, TargetProcess::Options{files, log, cores.server, {}, {}});
    } catch (NotReady const& error) {
      if (interrupted()) throw RunInterrupted();
      trouble[side] = error.what();
      continue;
    }
    one.sampler.emplace(one.server->pid());
    one.sockets = one.sampler->sockets();
  }
  if (!trouble[0].empty())
    throw TargetError("base did not start, so there is nothing to compare with: " + trouble[0]);
  if (!trouble[1].empty()) {
    restart.faults["not_ready"] = {0, 1};
    restart.invalid.push_back("head did not start, base did: " + trouble[1]);
  }
  return sides;
}

// A server that is gone is its side's fault, however good its figures were.
void look_for_ends(results::GateRestart& restart, Sides& sides) {
  auto const ended = [&](Side& side) {
    return side.server->wait(milliseconds(0)).has_value() ? 1U : 0U;
  };
  restart.faults["servers_ended"] = {ended(sides[0]), ended(sides[1])};
}

void measure_events(results::GateRestart& restart, GateFile const& gate, Sides& sides,
                    Cores const& cores, std::uint64_t seed, fs::path const& folder) {
  auto const now = steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
  auto const start_at = now + static_cast<std::int64_t>(lead_s(gate) * 1e9);
  std::array<std::optional<GateLoad>, 2> loads;
  for (auto const side : order_of(seed, 1))
    loads[side] =
        GateLoad::events(gate, sides[side].target, *sides[side].server, static_cast<unsigned>(side),
                         seed, start_at, {folder, names[side], cores.load});
  auto const deadline = ms_of(usual_seconds(gate) + gate.drain_s + 15);
  std::array<json::object, 2> results;
  std::vector<std::string> troubles;
  for (std::size_t side = 0; side < 2; ++side) {
    std::string trouble;
    if (auto result = loads[side]->result(deadline, trouble))
      results[side] = std::move(*result);
    else
      troubles.push_back(fmt::format("{}: {}", names[side], trouble));
  }
  bool const refused =
      results::add_refused(restart, gate.clients, loads[0]->refused(), loads[1]->refused());
  restart.invalid.insert(restart.invalid.end(), troubles.begin(), troubles.end());
  if (!refused && troubles.empty())
    results::add_events(restart, results[0], results[1], 1 / gate.pairs_per_s);
}

// Pairs of requests, and what each cost its server. Both servers and the one who asks share a core
// meanwhile, another one in each restart: where the scheduler happens to wake a server would else
// be all that a restart shows.
struct Probed {
  char const* time_us;
  char const* cpu_us;
  Probe (*probe)(Target const&, std::string const&);
  unsigned count;
};

void measure_probes(results::GateRestart& restart, Sides& sides, std::uint64_t seed,
                    Probed const& what) {
  OneCore const together({::getpid(), sides[0].server->pid(), sides[1].server->pid()}, seed);
  std::array<std::int64_t, 2> cpu_ns{};
  for (std::size_t side = 0; side < 2; ++side) cpu_ns[side] = sides[side].sampler->cpu_ns();
  auto const ask = [&](std::size_t side) {
    auto probe = what.probe(sides[side].target, sides[side].server->client_base());
    return [&restart, side, probe] {
      try {
        return probe();
      } catch (std::runtime_error const& error) {
        auto& [base, head] = restart.faults["unanswered"];
        ++(side == 0 ? base : head);
        throw std::runtime_error(fmt::format("{}: {}", names[side], error.what()));
      }
    };
  };
  auto const times = probe_pairs(ask(0), ask(1), what.count, seed);
  std::array<double, 2> us{};
  for (std::size_t side = 0; side < 2; ++side)
    us[side] = static_cast<double>(sides[side].sampler->cpu_ns() - cpu_ns[side]) / 1e3 / what.count;
  results::add_pairs(restart, what.time_us, times);
  results::add_value(restart, what.cpu_us, us[0], us[1]);
}

// Those who left still cost something until the server has seen it.
void await_quiet(Side& side) {
  auto const end = steady_clock::now() + milliseconds(1000);
  while (side.sampler->sockets() > side.sockets + 2 && steady_clock::now() < end)
    side.server->wait(milliseconds(5));
}

struct Crowd {
  std::optional<double> kib;  // of one idle connection; empty when not all could connect
  std::uint64_t refused = 0;
};

Crowd measure_crowd(GateFile const& gate, Side& side, GateLoad::Place const& place) {
  auto const before = side.sampler->memory().user_kib;
  auto load = GateLoad::crowd(gate, side.target, *side.server, place);
  auto const stands = load.await_connected(ms_of(10 + gate.crowd * 0.005));
  auto const grown = static_cast<double>(side.sampler->memory().user_kib - before);
  load.stop();
  await_quiet(side);
  auto const refused = load.refused();
  return {stands && refused == 0 ? std::optional(grown / gate.crowd) : std::nullopt, refused};
}

// Before anything else, so that no memory is reused that others have left.
void measure_crowds(results::GateRestart& restart, GateFile const& gate, Sides& sides,
                    std::uint64_t seed, fs::path const& folder) {
  std::array<Crowd, 2> crowds;
  for (auto const side : order_of(seed, 2))
    crowds[side] =
        measure_crowd(gate, sides[side], {folder, fmt::format("{}.crowd", names[side]), {}});
  auto const& [base, head] = crowds;
  if (results::add_refused(restart, gate.crowd, base.refused, head.refused)) return;
  for (std::size_t side = 0; side < 2; ++side)
    if (!crowds[side].kib)
      restart.invalid.push_back(
          fmt::format("{}: {} idle clients did not connect in time", names[side], gate.crowd));
  if (base.kib && head.kib)
    results::add_value(restart, "memory_kib_per_connection", *base.kib, *head.kib);
}

}  // namespace

double usual_seconds(GateFile const& gate) {
  return 1 + lead_s(gate) + gate.warmup_s + gate.measure_s + gate.crowd * 0.0003;
}

results::GateRestart measure_restart(GateFile const& gate, GateTargets const& targets,
                                     Cores const& cores, std::uint64_t seed,
                                     fs::path const& folder) {
  results::GateRestart restart;
  auto sides = start(restart, targets, cores, seed, folder);
  if (!restart.invalid.empty()) return restart;
  auto const& strategy = targets[0].strategy;
  try {
    if (is_stream(strategy) && gate.crowd > 0) measure_crowds(restart, gate, sides, seed, folder);
    // Whoever does not let the idle ones in need not be asked for more.
    auto const goes_on = [&] { return !interrupted() && !restart.faults.contains("refused"); };
    if (has_events(strategy) && goes_on())
      measure_events(restart, gate, sides, cores, seed, folder);
    if (gate.probes > 0 && goes_on() && strategy != "long-poll")
      measure_probes(
          restart, sides, seed,
          is_stream(strategy)
              ? Probed{"setup_us", "setup_cpu_us", &setup_probe, gate.probes}
              : Probed{"get_us", "cpu_us_per_get", &get_probe, gate.probes * gets_a_probe});
  } catch (std::runtime_error const& error) {
    restart.invalid.emplace_back(error.what());
  }
  look_for_ends(restart, sides);
  for (auto& side : sides) side.server->kill();
  return restart;
}

}  // namespace pushlab::driver

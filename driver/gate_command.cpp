#include <fmt/format.h>
#include <sched.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdio>

#include "driver/build_info.hpp"
#include "driver/commands.hpp"
#include "driver/gate_run.hpp"
#include "driver/gate_side.hpp"
#include "driver/gate_writer.hpp"
#include "driver/input_error.hpp"
#include "driver/interrupt.hpp"
#include "driver/machine.hpp"
#include "driver/program_path.hpp"
#include "driver/result_folder.hpp"
#include "driver/scenario_run.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

struct GateFlags {
  std::string scenario;
  std::string base;
  std::string head = ".";
  std::vector<std::string> targets;
  std::string out = "results";
  std::uint64_t seed = 0;
  bool strict = false;
  bool complete = false;
  bool keep_priority = false;
  bool no_counts = false;
  bool as_json = false;
};

// The programs of the gate's targets, which all have to be ours.
std::vector<Target> own_targets(GateFile const& gate) {
  std::vector<Target> targets;
  for (auto const& id : gate.targets) {
    auto target = read_target(find_target_file(id, scenarios_folder()));
    if (!target.start || !target.start->command.front().starts_with("pushlab-"))
      throw InputError(fmt::format(
          "{}: {} is no program of a build: gate it with two target files as --base and --head",
          gate.file.string(), id));
    targets.push_back(std::move(target));
  }
  return targets;
}

struct Sides {
  GateSide base, head;
  std::vector<GateTargets> pairs;
};

Sides sides_of_files(GateFlags const& flags) {
  Sides sides{find_side("--base", flags.base, {}), find_side("--head", flags.head, {}), {}};
  if (sides.base.target.empty() || sides.head.target.empty())
    throw InputError(fmt::format(
        "--base {} --head {}: one is a target file, the other is none: give two of a kind",
        flags.base, flags.head));
  GateTargets pair{read_target(sides.base.target), read_target(sides.head.target)};
  if (pair[0].strategy != pair[1].strategy)
    throw InputError(
        fmt::format("--base {} is of strategy {}, --head {} of {}: compare two of a kind",
                    flags.base, pair[0].strategy, flags.head, pair[1].strategy));
  for (auto const& target : pair)
    if (auto const reason = why_not_installed(target); !reason.empty())
      throw InputError(fmt::format("{}: {}", target.id, reason));
  sides.pairs.push_back(std::move(pair));
  return sides;
}

Sides sides_of(GateFlags const& flags, GateFile const& gate) {
  if (flags.base.ends_with(".toml") || flags.head.ends_with(".toml")) return sides_of_files(flags);
  auto const targets = own_targets(gate);
  if (targets.empty())
    throw InputError(fmt::format("{}: it has no targets: name some, or give two target files",
                                 gate.file.string()));
  std::vector<std::string> programs;
  for (auto const& target : targets) programs.push_back(target.start->command.front());
  Sides sides{
      find_side("--base", flags.base, programs), find_side("--head", flags.head, programs), {}};
  for (auto const& target : targets)
    sides.pairs.push_back({on_side(target, sides.base), on_side(target, sides.head)});
  return sides;
}

// Servers and generators inherit it and go before everything ordinary: a neighbour then costs them
// little. A nicer value alone would let them wait for a neighbour's slice.
bool raise_priority() {
  sched_param const lowest{::sched_get_priority_min(SCHED_RR)};
  return ::sched_setscheduler(0, SCHED_RR, &lowest) == 0;
}

results::GateReport measure(GateFlags const& flags, GateFile const& gate, fs::path const& folder,
                            Sides const& sides) {
  auto const begin = std::chrono::steady_clock::now();
  results::GateReport report;
  report.id = folder.filename().string();
  report.started = utc_now();
  report.scenario = gate.file.string();
  report.base = sides.base.name;
  report.head = sides.head.name;
  report.base_version = sides.base.version;
  report.head_version = sides.head.version;
  report.seed = flags.seed != 0 ? flags.seed : gate.seed;
  report.pushlab = build_info();
  report.verdict = results::GateVerdict::pass;
  bool const raised = !flags.keep_priority && raise_priority();
  // With priority each side has its core for itself, and the same one; without it a neighbour on
  // that core could not be avoided.
  GateOptions const options{raised ? divide_cores() : Cores{}, flags.complete, sides.pairs.size()};
  MachineShares const shares;
  for (auto const& pair : sides.pairs) {
    auto const label =
        fmt::format("[{}/{}] {}: ", report.targets.size() + 1, sides.pairs.size(), pair[1].id);
    report.targets.push_back(gate_target(gate, pair, options, report.seed * 1000, folder, label));
    report.verdict = results::worst(report.verdict, report.targets.back().verdict);
  }
  report.machine = machine_facts();
  if (!raised)
    for (auto const* pinned : {"server_cores", "load_cores"}) report.machine.erase(pinned);
  auto const used = shares.now();
  report.machine["steal_share"] = used.steal;
  report.machine["other_cpu_share"] = used.other_cpu;
  report.machine["priority_raised"] = raised;
  report.duration_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report;
}

int exit_status_of(results::GateVerdict verdict, bool strict) {
  switch (verdict) {
    case results::GateVerdict::pass:
      return 0;
    case results::GateVerdict::fail:
      return fell_short;
    case results::GateVerdict::undecided:
      return strict ? invalid_run : 0;
    case results::GateVerdict::invalid:
      break;
  }
  return invalid_run;
}

int gate(GateFlags const& flags) {
  auto const file = read_gate_file(find_scenario_file(flags.scenario));
  auto chosen = file;
  if (!flags.targets.empty()) chosen.targets = flags.targets;
  if (flags.no_counts) chosen.counts = false;
  results::GateReport report;
  fs::path folder;
  try {
    auto const sides = sides_of(flags, chosen);
    for (auto const& pair : sides.pairs) rules_of(chosen, pair[0].strategy, sides.pairs.size());
    folder = new_result_folder(flags.out, "gate");
    report = measure(flags, chosen, folder, sides);
  } catch (RunInterrupted const& interruption) {
    fmt::print(stderr, "pushlab: {}\n", interruption.what());
    return 128 + interrupt_signal();
  }
  write_gate_files(report, folder);
  if (flags.as_json)
    fmt::print("{}\n", json::serialize(to_json(report)));
  else
    fmt::print("{}{}\n", gate_lines(report), (folder / "report.html").string());
  return exit_status_of(report.verdict, flags.strict);
}

}  // namespace

void add_gate_command(CLI::App& app, int& exit_status) {
  auto* command =
      app.add_subcommand("gate", "Compare two builds of the servers, measured at the same time");
  auto flags = std::make_shared<GateFlags>();
  command
      ->add_option("scenario", flags->scenario,
                   "What to measure and what to let pass, e.g. scenarios/gate.toml")
      ->required();
  command
      ->add_option("--base", flags->base,
                   "A folder with built programs, a git ref, or a target file")
      ->required();
  command->add_option("--head", flags->head, "The same, of the change in question")
      ->capture_default_str();
  command->add_option("--targets", flags->targets, "Only these targets of the scenario")
      ->allow_extra_args(false)
      ->delimiter(',');
  command->add_option("--out", flags->out, "Folder for the results")->capture_default_str();
  command->add_option("--seed", flags->seed, "Another seed than the scenario's");
  command->add_flag("--strict", flags->strict, "Exit status 3 when it stays undecided");
  command->add_flag("--complete", flags->complete,
                    "Go on until every metric is decided, also after one failed");
  command->add_flag("--keep-priority", flags->keep_priority,
                    "Do not put what is measured before all other programs");
  command->add_flag("--no-counts", flags->no_counts,
                    "Leave out the exact counts of bytes, calls, allocations and instructions");
  command->add_flag("--json", flags->as_json, "The whole report as one JSON object");
  command->footer(
      "Example: pushlab gate scenarios/gate.toml --base origin/main --head .\n"
      "Exit status: 0 pass (or undecided, with a warning), 1 a metric got worse or head does not "
      "work, 2 unusable input, "
      "3 invalid, or undecided with --strict");
  command->callback([flags, &exit_status] { exit_status = gate(*flags); });
}

}  // namespace pushlab::driver

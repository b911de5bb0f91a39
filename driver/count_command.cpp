#include <fmt/format.h>

#include <boost/json.hpp>

#include "driver/build_info.hpp"
#include "driver/commands.hpp"
#include "driver/exact_counts.hpp"
#include "driver/input_error.hpp"
#include "driver/interrupt.hpp"
#include "driver/program_path.hpp"

namespace pushlab::driver {
namespace {

struct CountFlags {
  std::string target;
  std::optional<unsigned> clients;
  unsigned events = CountPlan{}.events;
  unsigned payload_bytes = CountPlan{}.payload_bytes;
  unsigned times = CountPlan{}.times;
  bool quick = false;
  bool as_json = false;
};

void print_table(std::vector<results::ExactCount> const& counts, CountPlan const& plan) {
  fmt::print("{:<32} {:>12} {:>12}   repeats\n",
             fmt::format("{} client{}", plan.clients, plan.clients == 1 ? "" : "s"), "per delivery",
             "per event");
  for (auto const& count : counts) {
    auto const title =
        count.unit.empty() ? count.title : fmt::format("{}, {}", count.title, count.unit);
    if (!count.value) {
      fmt::print("{:<32} not counted: {}\n", title, count.reason);
      continue;
    }
    auto const repeats = count.times < 2   ? "counted once"
                         : count.repeats() ? "to the digit"
                                           : fmt::format("up to {:.6g}", count.highest);
    fmt::print("{:<32} {:>12.6g} {:>12.6g}   {}\n", title, *count.value,
               *count.value * plan.clients, repeats);
  }
}

int run(CountFlags const& flags) {
  auto const target = read_target(find_target_file(flags.target, flags.target.ends_with(".toml")
                                                                     ? std::filesystem::path{}
                                                                     : scenarios_folder()));
  if (auto const reason = why_not_installed(target); !reason.empty())
    throw InputError(fmt::format("{}: {}", target.id, reason));
  auto plan = exact_plan(target);
  plan.clients = flags.clients.value_or(plan.clients);
  plan.events = flags.events;
  plan.payload_bytes = flags.payload_bytes;
  plan.times = flags.times;
  plan.instructions = !flags.quick;
  auto const counts = exact_counts(target, plan);
  if (interrupted()) return 128 + interrupt_signal();
  if (!flags.as_json) {
    print_table(counts, plan);
    return 0;
  }
  boost::json::object const object{{"target", target.id},    {"clients", plan.clients},
                                   {"events", plan.events},  {"payload_bytes", plan.payload_bytes},
                                   {"times", plan.times},    {"counts", results::to_json(counts)},
                                   {"pushlab", build_info()}};
  fmt::print("{}\n", boost::json::serialize(object));
  return 0;
}

}  // namespace

void add_count_command(CLI::App& app, int& exit_status) {
  auto* command = app.add_subcommand(
      "count",
      "Count what a target needs for a delivery: bytes, writes, system calls, heap allocations, "
      "instructions");
  auto flags = std::make_shared<CountFlags>();
  command->add_option("target", flags->target, "Target id or file (see pushlab list)")->required();
  command
      ->add_option("--clients", flags->clients,
                   "Clients that get each event (default 20; 1 when they poll, for counts that "
                   "repeat)")
      ->check(CLI::Range(1U, 1000U));
  command->add_option("--events", flags->events, "Events; the first ten are not counted")
      ->check(CLI::Range(20U, 10'000U))
      ->capture_default_str();
  command->add_option("--payload", flags->payload_bytes, "Bytes of a notification")
      ->check(CLI::Range(80U, 1'000'000U))
      ->capture_default_str();
  command->add_option("--times", flags->times, "How often, to see whether a count repeats")
      ->check(CLI::Range(1U, 100U))
      ->capture_default_str();
  command->add_flag("--quick", flags->quick,
                    "Leave the instructions out, which take most of the time");
  command->add_flag("--json", flags->as_json, "One JSON object instead of a table");
  command->footer(
      "Nothing is timed: the next event leaves when the server waits, so the counts repeat on a "
      "busy machine, too.\n"
      "System calls need strace, instructions valgrind; without them they are not counted.\n"
      "Example: pushlab count sse --clients 100");
  command->callback([flags, &exit_status] { exit_status = run(*flags); });
}

}  // namespace pushlab::driver

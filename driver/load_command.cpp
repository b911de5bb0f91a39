#include <fmt/format.h>
#include <sched.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

#include "driver/commands.hpp"
#include "driver/input_error.hpp"
#include "driver/load_flags.hpp"
#include "driver/load_summary.hpp"
#include "driver/load_watch.hpp"
#include "loadgen/load.hpp"

namespace pushlab::driver {
namespace {

void pin_self(std::string const& list) {
  if (list.empty()) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int const core : parse_cpu_list(list)) CPU_SET(static_cast<std::size_t>(core), &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0)
    throw InputError(fmt::format("--cpu {}: {}: see the cores with nproc or taskset -p $$", list,
                                 std::strerror(errno)));
}

int load(LoadFlags const& flags) {
  auto const plan = make_plan(flags);
  pin_self(flags.cpu);
  LoadWatch watch(flags.server_pid, flags.phases);
  auto const result = loadgen::run_load(plan, watch);
  watch.finish();
  auto object = loadgen::to_json(result);
  watch.add_server(object, loadgen::is_stream(plan.strategy));
  fmt::print("{}\n", flags.as_json ? boost::json::serialize(object) : load_summary(object));
  if (!result.generator.valid() || result.interrupted) return invalid_run;
  return result.lost > 0 ? fell_short : 0;
}

}  // namespace

void add_load_command(CLI::App& app, int& exit_status) {
  auto* command = app.add_subcommand(
      "load", "Put clients and events on a running server; measure every delivery");
  auto flags = std::make_shared<LoadFlags>();
  add_load_flags(*command, *flags);
  command->footer(
      "Example: pushlab load --strategy sse --client-url http://127.0.0.1:8080 "
      "--ingest-url http://127.0.0.1:8081 --clients 1000 --rate 10 --duration 15\n"
      "Exit status: 1 deliveries were lost, 2 unusable input, 3 the generator was the bottleneck");
  command->callback([flags, &exit_status] { exit_status = load(*flags); });
}

}  // namespace pushlab::driver

// What a delivery costs the server, beside a server that makes one send() per delivery and nothing
// else. One event at a time, the next when every client has the last; servers take turns in every
// round, the server on one core and the load on another, and the ratio is taken within the round.
#include <fmt/format.h>
#include <sched.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <map>
#include <thread>

#include "driver/interrupt.hpp"
#include "driver/load_watch.hpp"
#include "driver/program_path.hpp"
#include "driver/target.hpp"
#include "driver/target_process.hpp"
#include "driver/temporary_folder.hpp"
#include "loadgen/load.hpp"
#include "loadgen/null_client/null_client.hpp"

namespace {

using namespace pushlab;

struct Options {
  std::vector<std::string> targets{"sse", "websocket", "websocketpp"};
  std::vector<unsigned> clients{1000, 10000};
  unsigned rounds = 5;
  double measure_s = 3;
  unsigned payload_bytes = 200;
  unsigned window = 1;
};

struct Cost {
  double server_us = 0;  // CPU per delivery
  double load_us = 0;
  double kib = 0;  // user-space memory per idle connection
  double deliveries_per_s = 0;
};

driver::Target target_named(std::string const& id) {
  if (id == "floor")
    return driver::parse_target(
        "title = \"floor\"\nstrategy = \"sse\"\n[start]\ncommand = [\"pushlab-floor\"]\n", "floor");
  return driver::read_target(driver::find_target_file(id, driver::scenarios_folder()));
}

Cost measure(std::string const& id, unsigned clients, Options const& options) {
  driver::TemporaryFolder folder;
  auto const target = target_named(id);
  driver::TargetProcess server{target, {folder.path(), folder.path() / "log", {0}, {}, {}}};
  loadgen::LoadPlan plan;
  plan.strategy = *loadgen::strategy_named(target.strategy);
  plan.client_url = driver::expand(target.client.url, {{"client", server.client_base()}});
  plan.ingest.url = driver::expand(target.ingest.url, {{"ingest", server.ingest_base()}});
  plan.arrivals = loadgen::Arrivals::lockstep;
  plan.clients = clients;
  plan.window = options.window;
  plan.payload_bytes = options.payload_bytes;
  plan.measure_s = options.measure_s;
  driver::LoadWatch watch{server.pid()};
  auto const result = loadgen::run_load(plan, watch);
  watch.finish();
  if (result.lost > 0 || result.connected < clients)
    throw std::runtime_error(fmt::format("{}: {} of {} clients connected, {} deliveries lost", id,
                                         result.connected, clients, result.lost));
  if (result.delivered == 0)
    throw std::runtime_error(fmt::format(
        "{}: nothing was delivered in {} s; measure longer (--seconds)", id, options.measure_s));
  auto load = loadgen::to_json(result);
  watch.add_server(load, loadgen::is_stream(plan.strategy));
  auto const& sampled = load.at("server").as_object();
  return {sampled.at("cpu_us_per_delivery").to_number<double>(),
          result.generator.cpu_us_per_delivery,
          sampled.at("memory_kib_per_connection").to_number<double>(),
          static_cast<double>(result.delivered) / result.measured_s};
}

// The null client's cost at the floor server.
double measure_null_client(unsigned clients, Options const& options) {
  driver::TemporaryFolder folder;
  auto const target = target_named("floor");
  driver::TargetProcess server{target, {folder.path(), folder.path() / "log", {0}, {}, {}}};
  loadgen::NullClient reader(server.client_base(), server.ingest_base(), clients,
                             options.payload_bytes);
  auto const reading = reader.read_for(options.measure_s, options.window);
  return static_cast<double>(reading.cpu_ns) / 1e3 /
         (static_cast<double>(reading.events) * clients);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  auto const n = values.size();
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

std::string spread(std::vector<double> const& values) {
  auto const [low, high] = std::minmax_element(values.begin(), values.end());
  return fmt::format("{:.2f} ({:.2f}-{:.2f})", median(values), *low, *high);
}

template <class Get>
std::vector<double> column(std::vector<Cost> const& costs, Get get) {
  std::vector<double> values;
  for (auto const& cost : costs) values.push_back(get(cost));
  return values;
}

void compare(unsigned clients, Options const& options) {
  auto ids = options.targets;
  ids.insert(ids.begin(), "floor");
  std::map<std::string, std::vector<Cost>> costs;
  std::vector<double> null_us;
  for (unsigned round = 0; round < options.rounds; ++round) {
    std::rotate(ids.begin(), ids.begin() + 1, ids.end());
    null_us.push_back(measure_null_client(clients, options));
    for (auto const& id : ids) costs[id].push_back(measure(id, clients, options));
  }
  fmt::print("\n{} clients, {} rounds of {} s: median (lowest-highest)\n", clients, options.rounds,
             options.measure_s);
  fmt::print("{:<14}{:>22}{:>20}{:>12}{:>16}{:>14}\n", "server", "server us/delivery", "x floor",
             "KiB/conn", "load us/deliv.", "deliveries/s");
  auto const floor = column(costs["floor"], [](Cost const& c) { return c.server_us; });
  auto print_row = [&](std::string const& id) {
    auto const& own = costs[id];
    auto const server_us = column(own, [](Cost const& c) { return c.server_us; });
    std::vector<double> ratios;
    for (std::size_t i = 0; i < own.size(); ++i) ratios.push_back(server_us[i] / floor[i]);
    fmt::print("{:<14}{:>22}{:>20}{:>12.2f}{:>16.2f}{:>14.0f}\n", id, spread(server_us),
               id == "floor" ? "1" : spread(ratios),
               median(column(own, [](Cost const& c) { return c.kib; })),
               median(column(own, [](Cost const& c) { return c.load_us; })),
               median(column(own, [](Cost const& c) { return c.deliveries_per_s; })));
  };
  print_row("floor");
  for (auto const& id : options.targets) print_row(id);
  auto const load_us = column(costs["floor"], [](Cost const& c) { return c.load_us; });
  std::vector<double> ratios;
  for (std::size_t i = 0; i < load_us.size(); ++i) ratios.push_back(load_us[i] / null_us[i]);
  fmt::print(
      "the load generator's own cost at the floor server: {} us per event, {} x the null "
      "client's {}\n",
      spread(load_us), spread(ratios), spread(null_us));
}

void pin_to_the_last_core() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  for (int core = 1;
       core < CPU_SETSIZE && core < static_cast<int>(std::thread::hardware_concurrency()); ++core)
    CPU_SET(core, &cores);
  if (CPU_COUNT(&cores) > 0) ::sched_setaffinity(0, sizeof cores, &cores);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"CPU per delivery, memory per connection: our servers beside the floor",
               "fanout_bench"};
  app.footer("Example: scripts/bench fanout --clients 1000 --rounds 9");
  app.add_option("--targets", options.targets, "Targets beside the floor")->delimiter(',');
  app.add_option("--clients", options.clients, "Numbers of clients")->delimiter(',');
  app.add_option("--rounds", options.rounds, "Turns of each server")->check(CLI::PositiveNumber);
  app.add_option("--seconds", options.measure_s, "Measured seconds of each turn");
  app.add_option("--payload", options.payload_bytes, "Bytes of a notification");
  app.add_option("--window", options.window, "Events in flight");
  CLI11_PARSE(app, argc, argv);
  try {
    pin_to_the_last_core();
    for (auto const clients : options.clients) compare(clients, options);
    return 0;
  } catch (std::exception const& error) {
    fmt::print(stderr, "fanout_bench: {}\n", error.what());
    return 2;
  }
}

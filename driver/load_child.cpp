#include "driver/load_child.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "driver/interrupt.hpp"
#include "driver/workload_keys.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace {

constexpr double patience_s = 60;  // for connecting, and for a generator that cannot keep up

}  // namespace

std::string text_of(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

double usual_seconds(Scenario const& scenario) {
  return scenario.warmup_s + scenario.measure_s + 1.5;  // settling, connecting, starting
}

std::vector<std::string> LoadChild::command(TargetProcess const& server) const {
  std::vector<std::string> words{std::filesystem::read_symlink("/proc/self/exe").string(), "load"};
  auto const add = [&](char const* flag, auto const& value) {
    words.emplace_back(flag);
    words.push_back(fmt::format("{}", value));
  };
  add("--target", std::filesystem::absolute(target.file).string());
  add("--client-url", client_base);
  add("--ingest-url", server.ingest_base());
  add("--clients", scenario.clients);
  add("--names", scenario.names);
  add("--subscriptions", scenario.subscriptions);
  add("--arrivals", scenario.arrivals);
  add("--rate", scenario.rate);
  if (scenario.burst_size) add("--burst-size", *scenario.burst_size);
  add("--popularity", scenario.popularity);
  if (!scenario.trace.empty()) add("--trace", std::filesystem::absolute(scenario.trace).string());
  for (auto const& key : workload_keys()) {
    auto const given = scenario.numbers.find(key.key);
    if (given != scenario.numbers.end()) add(key.flag, given->second);
  }
  add("--payload", scenario.payload_bytes);
  add("--seed", seed);
  add("--warmup", scenario.warmup_s);
  add("--duration", scenario.measure_s);
  add("--drain", scenario.drain_s);
  for (auto const* key : {"poll_interval_s", "reload_interval_s"}) {
    if (auto const* value = options.if_contains(key)) add("--poll-interval", value->as_double());
  }
  if (auto const* value = options.if_contains("wait_s")) add("--wait", value->as_double());
  for (auto& flag : client_flags(options)) words.push_back(std::move(flag));
  if (!cores.empty()) add("--cpu", fmt::format("{}", fmt::join(cores, ",")));
  if (auto const& disruption = scenario.disruption) {
    add("--disrupt-at", disruption->at_s);
    add("--phases", phases.string());
  } else {
    add("--server-pid", server.pid());
  }
  words.emplace_back("--json");
  return words;
}

std::unique_ptr<Process> LoadChild::start(TargetProcess const& server,
                                          std::optional<Turn> turn) const {
  auto words = command(server);
  if (turn)
    words.insert(words.end(), {"--pair-side", std::to_string(turn->side), "--start-at",
                               std::to_string(turn->start_at_ns)});
  return std::make_unique<Process>(SpawnPlan{std::move(words), {}, json_file, log, cores});
}

json::object LoadChild::finish(Process& child, std::unique_ptr<TargetProcess>& server,
                               std::function<std::chrono::milliseconds()> const& tick) const {
  auto const end =
      std::chrono::steady_clock::now() +
      std::chrono::duration<double>(usual_seconds(scenario) + scenario.drain_s + patience_s);
  std::optional<ExitStatus> status;
  std::chrono::milliseconds wait{0};
  while (!(status = child.wait(wait))) {
    wait = tick();
    if (interrupted()) throw RepetitionError("interrupted");
    if (std::chrono::steady_clock::now() > end) {
      child.stop(std::chrono::seconds(2));
      throw RepetitionError(fmt::format("the load generator did not end in time; see {}{}",
                                        log.string(), last_lines(log, 5)));
    }
  }
  if (!server) throw RepetitionError("the load was over before the server was back");
  if (auto ended = server->wait(std::chrono::milliseconds(0)))
    throw RepetitionError(fmt::format("the server ended under load, {}", ended->text()));
  boost::system::error_code error;
  auto const value = json::parse(text_of(json_file), error);
  if (error || !value.is_object())
    throw RepetitionError(fmt::format("the load generator gave no result, {}; see {}{}",
                                      status->text(), log.string(), last_lines(log, 5)));
  return value.as_object();
}

}  // namespace pushlab::driver

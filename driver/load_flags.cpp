#include "driver/load_flags.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "driver/input_error.hpp"
#include "driver/program_path.hpp"
#include "driver/target.hpp"
#include "driver/workload_keys.hpp"

namespace pushlab::driver {
namespace {

std::vector<std::string> header_lines(Pairs const& headers) {
  std::vector<std::string> lines;
  for (auto const& [name, value] : headers) lines.push_back(name + ": " + value);
  return lines;
}

// The target of a flag, or a nameless one with the shapes that all servers of ours share.
Target target_of(LoadFlags const& flags) {
  if (!flags.target.empty()) {
    bool const by_file = flags.target.ends_with(".toml");
    auto target = read_target(
        find_target_file(flags.target, by_file ? std::filesystem::path{} : scenarios_folder()));
    if (!flags.strategy.empty() && flags.strategy != target.strategy)
      throw InputError(fmt::format("--strategy {} contradicts {}, which says {}: leave it out",
                                   flags.strategy, target.file.string(), target.strategy));
    return target;
  }
  if (flags.strategy.empty())
    throw InputError("neither --strategy nor --target was given: say how the clients listen");
  return parse_target(fmt::format("title = \"\"\nstrategy = \"{}\"", flags.strategy), "--strategy");
}

int parse_core(std::string_view text, std::string const& list) {
  int core = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), core);
  if (error != std::errc{} || end != text.data() + text.size() || core < 0 || core > 1023)
    throw InputError(fmt::format("--cpu {}: no list of cores: write e.g. --cpu 1 or 0,2-3", list));
  return core;
}

// "http://host:port" of a URL with or without a path.
std::string base_of(std::string const& url) {
  auto const scheme = url.find("://");
  if (scheme == std::string::npos)
    throw InputError(fmt::format("{}: not a URL: write http://HOST:PORT", url));
  return url.substr(0, url.find('/', scheme + 3));
}

// The path that all our servers have, whatever the clients' path and whether they say ws or http.
std::string snapshot_of(std::string const& url) {
  auto const base = base_of(url);
  return "http" + base.substr(base.find("://")) + "/snapshot?events={events}";
}

}  // namespace

void add_load_flags(CLI::App& command, LoadFlags& flags) {
  auto& plan = flags.plan;
  command
      .add_option("--strategy", flags.strategy,
                  "sse, websocket, mqtt, long-poll, short-poll or reload")
      ->check(CLI::IsMember(strategies()));
  command.add_option("--target", flags.target,
                     "Target id or file that describes the running server (URLs, headers, body)");
  command
      .add_option("--client-url", flags.client_url,
                  "Base URL of the ready line, or a full URL; {events} = the client's names")
      ->required();
  command.add_option("--ingest-url", flags.ingest_url, "Base URL of the ready line, or a full URL")
      ->required();
  command.add_option("--clients", plan.clients, "Connected clients")->capture_default_str();
  command.add_option("--names", plan.names, "Names of events: t0, t1, ...")->capture_default_str();
  command.add_option("--subscriptions", plan.subscriptions, "Names that a client subscribes to")
      ->capture_default_str();
  command
      .add_option("--popularity", flags.popularity,
                  "uniform or zipf: how the clients choose their names")
      ->check(CLI::IsMember(std::vector<std::string>{"uniform", "zipf"}))
      ->capture_default_str();
  command
      .add_option("--arrivals", flags.arrivals,
                  "fixed, poisson, bursts, irregular, flash, trace, paired or paired-irregular")
      ->check(
          CLI::IsMember(std::vector<std::string>{"fixed", "poisson", "bursts", "irregular", "flash",
                                                 "trace", "paired", "paired-irregular"}))
      ->capture_default_str();
  command.add_option("--trace", plan.trace,
                     "File that --arrivals trace replays: {\"t\":seconds,\"name\":\"t3\"} a line");
  for (auto const& key : workload_keys())
    command.add_option(key.flag, plan.*key.member, key.help)->capture_default_str();
  command.add_option("--rate", plan.rate, "Events per second")->capture_default_str();
  command.add_option("--burst-size", plan.burst_size, "Events in one burst")->capture_default_str();
  command.add_option("--pair-side", plan.pair_side,
                     "0 or 1: which of two runs that share a schedule of pairs");
  command.add_option(
      "--start-at", plan.start_at_ns,
      "CLOCK_MONOTONIC ns at which the warm-up begins, for runs that belong together");
  command.add_option("--payload", plan.payload_bytes, "Bytes of one notification")
      ->capture_default_str();
  command.add_option("--seed", plan.seed, "Same seed, same schedule")->capture_default_str();
  command.add_option("--settle", plan.settle_s, "Seconds idle after connecting")
      ->capture_default_str();
  command.add_option("--warmup", plan.warmup_s, "Seconds of events that are not measured")
      ->capture_default_str();
  command.add_option("--duration", plan.measure_s, "Seconds measured")->capture_default_str();
  command.add_option("--drain", plan.drain_s, "Seconds at most to wait for the last deliveries")
      ->capture_default_str();
  command.add_option("--poll-interval", flags.poll_interval_s,
                     "Seconds between short polls (default 1) or reloads (default 5)");
  command.add_option("--wait", flags.wait_s, "Seconds that a long poll is held (default 25)");
  command
      .add_option("--poll-gap", plan.poll_gap_s,
                  "Seconds that a long poll pauses between an answer and the next request")
      ->capture_default_str();
  command
      .add_option("--cursor", flags.cursor,
                  "How a poll says what it has seen: json, etag, or none (long polls that miss "
                  "what happens between two requests)")
      ->check(CLI::IsMember(std::vector<std::string>{"json", "etag", "none"}));
  command.add_flag_callback(
      "--no-keep-alive", [&plan] { plan.keep_alive = false; }, "A new connection for each GET");
  command.add_flag("--refresh", plan.refresh,
                   "Events come without data (server option --payload refresh): a stream's client "
                   "that sees one fetches /snapshot");
  command
      .add_option("--refresh-jitter", plan.refresh_jitter_s,
                  "Seconds: a client waits from 0 to this, evenly drawn, before it fetches")
      ->capture_default_str();
  command.add_option("--workers", plan.workers, "Processes that share the clients")
      ->capture_default_str();
  command.add_option("--server-pid", flags.server_pid,
                     "Sample CPU, memory and sockets of this process and its children");
  command.add_option("--disrupt-at", plan.disrupt_at_s,
                     "The server will be disrupted so many seconds into the measured phase");
  command.add_option("--phases", flags.phases, "File that gets a line when a phase begins");
  command.add_option("--cpu", flags.cpu, "Cores for the load generator, e.g. 1 or 0,2-3");
  command.add_flag("--json", flags.as_json, "The whole result as one JSON object");
}

std::vector<int> parse_cpu_list(std::string const& list) {
  std::vector<int> cores;
  for (std::size_t begin = 0; begin <= list.size();) {
    auto const end = std::min(list.find(',', begin), list.size());
    auto const item = std::string_view(list).substr(begin, end - begin);
    auto const dash = item.find('-');
    int const first = parse_core(item.substr(0, dash), list);
    int const last =
        dash == std::string_view::npos ? first : parse_core(item.substr(dash + 1), list);
    for (int core = first; core <= last; ++core) cores.push_back(core);
    begin = end + 1;
  }
  return cores;
}

std::string fill_url(std::string const& url, std::string const& url_template,
                     std::string const& placeholder) {
  auto const base = base_of(url);
  if (base.size() + 1 < url.size()) return url;
  return expand(url_template, {{placeholder, base}});
}

loadgen::LoadPlan make_plan(LoadFlags const& flags) {
  auto const target = target_of(flags);
  auto plan = flags.plan;
  plan.strategy = *loadgen::strategy_named(target.strategy);
  plan.arrivals = *loadgen::arrivals_named(flags.arrivals);
  plan.popularity = *loadgen::popularity_named(flags.popularity);
  plan.client_url = fill_url(flags.client_url, target.client.url, "client");
  // Only our own servers are known to say `reset` and to have the snapshot there.
  if (plan.disrupt_at_s >= 0 && !target.third_party && target.client.cursor == "json")
    plan.snapshot_url = fill_url(flags.client_url, strategy_url("reload"), "client");
  if (plan.snapshot_url == flags.client_url) plan.snapshot_url.clear();  // a full URL: not known
  plan.client_headers = header_lines(target.client.headers);
  plan.cursor = *loadgen::cursor_named(flags.cursor.empty() ? target.client.cursor : flags.cursor);
  if (plan.refresh) plan.snapshot_url = snapshot_of(flags.client_url);
  plan.event_form = target.client.event;
  plan.event_separator = target.client.between;
  plan.websocket_subprotocol = target.client.subprotocol;
  plan.websocket_hello = target.client.hello;
  plan.websocket_welcome = target.client.welcome;
  plan.websocket_replies = target.client.replies;
  plan.mqtt_qos = target.client.qos;
  if (target.ingest.protocol == "mqtt") plan.ingest.protocol = loadgen::IngestProtocol::mqtt;
  plan.ingest.method = target.ingest.method;
  plan.ingest.url = fill_url(flags.ingest_url, target.ingest.url, "ingest");
  plan.ingest.headers = header_lines(target.ingest.headers);
  plan.ingest.body = target.ingest.body;
  double const usual_interval_s = target.strategy == "reload" ? 5 : 1;
  plan.poll_interval_s =
      flags.poll_interval_s.value_or(target.client.poll_interval_s.value_or(usual_interval_s));
  plan.poll_wait_s = flags.wait_s.value_or(target.client.wait_s.value_or(25));
  if (auto problem = loadgen::problem_of(plan)) throw InputError(*problem);
  return plan;
}

}  // namespace pushlab::driver

#include "driver/scenario.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>

#include "driver/toml_reader.hpp"
#include "driver/workload_keys.hpp"
#include "loadgen/publisher/notification.hpp"
#include "loadgen/schedule/trace.hpp"

namespace pushlab::driver {
namespace {

constexpr TomlTable::Range interval_s{0.01, 3600};
constexpr TomlTable::Range counts{1, 1000};

std::optional<unsigned> maybe_whole(TomlTable& table, std::string const& key,
                                    TomlTable::Range range) {
  if (!table.has(key)) {
    table.whole(key, range, 0);
    return std::nullopt;
  }
  return static_cast<unsigned>(table.whole(key, range));
}

unsigned whole(TomlTable& table, std::string const& key, TomlTable::Range range,
               std::optional<std::int64_t> fallback = {}) {
  return static_cast<unsigned>(table.whole(key, range, fallback));
}

// The keys that an entry may have of its own, and the strategies that have a use for them.
struct OwnKey {
  std::string key;
  std::vector<std::string> strategies;  // empty: all
};
std::vector<OwnKey> const& own_keys() {
  static std::vector<OwnKey> const keys{{"poll_interval_s", {"short-poll"}},
                                        {"reload_interval_s", {"reload"}},
                                        {"wait_s", {"long-poll"}},
                                        {"payload_bytes", {}}};
  return keys;
}

Scenario::Entry read_entry(TomlTable table) {
  Scenario::Entry entry;
  entry.place = table.place("id");
  entry.id = table.text("id");
  entry.name = table.text("as", entry.id);
  entry.title = table.text("title", "");
  entry.repetitions = maybe_whole(table, "repetitions", counts);
  entry.server_args = table.texts("server_args");
  std::vector<std::string> keys;
  for (auto const& own : own_keys()) keys.push_back(own.key);
  for (auto const& key : client_keys()) keys.push_back(key);
  entry.own = table.subset(keys);
  table.finish();
  return entry;
}

std::vector<Scenario::Entry> read_entries(TomlTable& root) {
  std::vector<Scenario::Entry> entries;
  for (auto& given : root.entries("targets")) {
    if (auto* id = std::get_if<std::string>(&given))
      entries.push_back({*id, *id, root.place("targets"), {}, {}, {}, {}});
    else
      entries.push_back(read_entry(std::move(std::get<TomlTable>(given))));
    auto const& name = entries.back().name;
    auto const same = [&](auto const& entry) { return entry.name == name; };
    if (std::count_if(entries.begin(), entries.end(), same) > 1)
      root.fail("targets", fmt::format("the target {} stands in targets twice: remove one, or give "
                                       "it another name with as = \"...\"",
                                       name));
  }
  if (entries.empty())
    root.fail("targets", "targets is missing or empty: give e.g. targets = [\"sse\"]");
  return entries;
}

void read_numbers(TomlTable& root, Scenario& scenario) {
  std::map<std::string_view, std::string> const words{{"arrivals", scenario.arrivals},
                                                      {"popularity", scenario.popularity}};
  for (auto const& key : workload_keys()) {
    auto const value = root.maybe_number(key.key, key.range);
    if (!value) continue;
    auto const word = words.find(key.needs_key);
    // What is irregular is so in pairs, too.
    if (word != words.end() && !word->second.ends_with(key.needs_value))
      root.fail(key.key, fmt::format("{} does nothing when {} = \"{}\": remove it", key.key,
                                     key.needs_key, word->second));
    if (word == words.end() && !key.needs_key.empty() && !root.has(key.needs_key))
      root.fail(key.key, fmt::format("{} does nothing without {}: add that or remove this", key.key,
                                     key.needs_key));
    scenario.numbers[key.key] = *value;
  }
}

// A trace brings its own rate.
void read_rate(TomlTable& root, Scenario& scenario) {
  if (scenario.arrivals != "trace") {
    if (root.has("trace"))
      root.fail("trace", fmt::format("trace does nothing when arrivals = \"{}\": remove it",
                                     scenario.arrivals));
    scenario.rate = root.number("rate", {0.001, 1000000});
    return;
  }
  if (root.has("rate")) root.fail("rate", "rate does nothing beside a trace: set trace_speed");
  scenario.trace = scenario.file.parent_path() / root.text("trace");
  loadgen::LoadPlan plan;
  plan.names = scenario.names;
  if (auto const speed = scenario.numbers.find("trace_speed"); speed != scenario.numbers.end())
    plan.trace_speed = speed->second;
  try {
    scenario.rate = loadgen::read_trace(scenario.trace.string(), plan).rate();
  } catch (loadgen::BadTrace const& error) {
    root.fail("trace", error.what());
  }
}

void read_workload(TomlTable& root, Scenario& scenario) {
  scenario.clients = whole(root, "clients", {1, 1000000});
  scenario.names = whole(root, "names", {1, 100000}, 1);
  scenario.subscriptions = whole(root, "subscriptions", {1, 1000}, 1);
  if (scenario.subscriptions > scenario.names)
    root.fail("subscriptions", fmt::format("subscriptions is {}, but there are only {} names: "
                                           "lower it or raise names",
                                           scenario.subscriptions, scenario.names));
  scenario.popularity = root.one_of("popularity", {"uniform", "zipf"}, "uniform");
  scenario.arrivals = root.one_of("arrivals", {"fixed", "poisson", "bursts", "irregular", "flash",
                                               "trace", "paired", "paired-irregular"});
  scenario.burst_size = maybe_whole(root, "burst_size", {1, 100000});
  if (scenario.burst_size && scenario.arrivals != "bursts")
    root.fail("burst_size", fmt::format("burst_size does nothing when arrivals = \"{}\": remove it",
                                        scenario.arrivals));
  scenario.payload_bytes =
      whole(root, "payload_bytes",
            {static_cast<double>(loadgen::smallest_payload(scenario.names)), 1e6}, 200);
  read_numbers(root, scenario);
  read_rate(root, scenario);
}

std::optional<Scenario::Network> read_network(TomlTable& root) {
  auto table = root.table("network");
  if (!table) return std::nullopt;
  Scenario::Network network;
  network.delay_ms = table->number("delay_ms", {0, 60000}, 0);
  network.jitter_ms = table->number("jitter_ms", {0, 60000}, 0);
  network.loss = table->number("loss", {0, 1}, 0);
  network.rate_kbit_s = table->number("rate_kbit_s", {0, 1e9}, 0);
  if (network.jitter_ms > network.delay_ms)
    table->fail("jitter_ms", fmt::format("jitter_ms is {}, more than delay_ms = {}: lower it",
                                         network.jitter_ms, network.delay_ms));
  table->finish();
  return network;
}

std::optional<Scenario::Disruption> read_disruption(TomlTable& root, double measure_s) {
  auto table = root.table("disruption");
  if (!table) return std::nullopt;
  Scenario::Disruption disruption;
  disruption.kind = table->one_of("kind", {"kill", "drain", "restart"});
  disruption.at_s = table->number("at_s", {0, 86400});
  bool const waits = disruption.kind != "restart";
  disruption.down_s = waits ? table->number("down_s", {0, 86400}) : 0;
  if (!waits && table->has("down_s"))
    table->fail("down_s", "down_s does nothing when kind = \"restart\": remove it");
  if (disruption.at_s + disruption.down_s >= measure_s)
    table->fail("at_s", fmt::format("the server would be back {} s into the measured phase, which "
                                    "lasts {} s: lower at_s or down_s, or raise measure_s",
                                    disruption.at_s + disruption.down_s, measure_s));
  table->finish();
  return disruption;
}

// A restart or set-ups in between would be one target's alone.
void check_turns(TomlTable& root, Scenario const& scenario) {
  if (!takes_turns(scenario)) return;
  std::vector<Scenario::Entry const*> pair;
  for (auto const& entry : scenario.targets)
    if (entry.id != "null") pair.push_back(&entry);
  if (pair.size() != 2)
    root.fail("targets", fmt::format("arrivals = \"{}\" measures two targets at the same time, "
                                     "beside the null server, and here are {}: name two",
                                     scenario.arrivals, pair.size()));
  if (pair[0]->repetitions != pair[1]->repetitions)
    root.fail("targets", fmt::format("arrivals = \"{}\" needs as many repetitions of both targets",
                                     scenario.arrivals));
  for (auto const& [key, seconds] :
       {std::pair("warmup_s", scenario.warmup_s), std::pair("measure_s", scenario.measure_s)}) {
    auto const pairs = seconds * scenario.rate;
    if (scenario.arrivals == "paired" && std::abs(pairs - std::round(pairs)) > 1e-6)
      root.fail(key, fmt::format("{} of {} s ends within a pair, of which there are {} a second: "
                                 "take a multiple of {:g} s",
                                 key, seconds, scenario.rate, 1 / scenario.rate));
  }
  if (scenario.disruption || scenario.tls_setups > 0)
    root.fail("arrivals", fmt::format("arrivals = \"{}\" measures two targets at the same time: "
                                      "remove disruption and tls_setups",
                                      scenario.arrivals));
}

template <class Value>
void add(boost::json::object& object, std::string_view key, std::optional<Value> const& value) {
  if (value) object[key] = *value;
}

}  // namespace

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

Scenario read_scenario(std::filesystem::path const& file, toml::table const& over) {
  return parse_scenario(read_toml_text(file), file, over);
}

Scenario parse_scenario(std::string_view text, std::filesystem::path const& file,
                        toml::table const& over) {
  auto root = TomlTable::from_text(text, file.string(), over);
  Scenario scenario;
  scenario.over = over;
  scenario.name = file.stem().string();
  scenario.file = file;
  scenario.text = text;
  scenario.title = root.text("title");
  scenario.description = root.text("description", "");
  scenario.targets = read_entries(root);
  read_workload(root, scenario);
  scenario.warmup_s = root.number("warmup_s", {0, 3600}, 1);
  scenario.measure_s = root.number("measure_s", {0.1, 86400});
  scenario.drain_s = root.number("drain_s", {0, 3600}, 3);
  scenario.repetitions = whole(root, "repetitions", counts, 1);
  scenario.seed = static_cast<std::uint64_t>(root.whole("seed", {0, 1e15}, 1));
  scenario.poll_interval_s = root.maybe_number("poll_interval_s", interval_s);
  scenario.reload_interval_s = root.maybe_number("reload_interval_s", interval_s);
  scenario.wait_s = root.maybe_number("wait_s", interval_s);
  scenario.client = read_client_options(root);
  scenario.system_calls = root.flag("system_calls", false);
  scenario.via = root.text("via", "");
  scenario.tls_setups = whole(root, "tls_setups", {0, 5000}, 0);
  scenario.network = read_network(root);
  scenario.disruption = read_disruption(root, scenario.measure_s);
  check_turns(root, scenario);
  root.finish();
  return scenario;
}

bool takes_turns(Scenario const& scenario) {
  return scenario.arrivals.starts_with("paired");
}

Scenario shortened(Scenario scenario) {
  auto over = scenario.over;
  over.insert_or_assign("repetitions", 1);
  // A disruption needs its time before and after.
  if (!scenario.disruption) over.insert_or_assign("measure_s", std::min(scenario.measure_s, 5.0));
  auto shorter = parse_scenario(scenario.text, scenario.file, over);
  for (auto& entry : shorter.targets) entry.repetitions.reset();
  return shorter;
}

void check_entry(Scenario::Entry const& entry, std::string const& strategy) {
  for (auto const& [key, users] : own_keys()) {
    if (!entry.own.contains(key) || users.empty()) continue;
    if (std::ranges::find(users, strategy) != users.end()) continue;
    throw InputError(fmt::format("{}: {} does nothing for {}, whose strategy is {}: remove it",
                                 entry.place, key, entry.name, strategy));
  }
}

Scenario variant_of(Scenario const& scenario, Scenario::Entry const& entry) {
  auto over = scenario.over;
  for (auto const& [key, value] : entry.own) over.insert_or_assign(key, value);
  return parse_scenario(scenario.text, scenario.file, over);
}

Scenario undisturbed(Scenario scenario) {
  scenario.disruption.reset();
  for (auto const* key :
       {"churn_session_s", "churn_pause_s", "slow_readers", "slow_read_bytes_per_s"})
    scenario.numbers.erase(key);
  return scenario;
}

void check_workload(Scenario const& scenario, std::string const& strategy) {
  if (takes_turns(scenario) && (strategy == "short-poll" || strategy == "reload"))
    throw InputError(
        fmt::format("{}: arrivals = \"{}\" needs targets that push, but a target's strategy is "
                    "{}: leave one of them out",
                    scenario.file.string(), scenario.arrivals, strategy));
  auto const slow = scenario.numbers.find("slow_readers");
  if (slow == scenario.numbers.end() || slow->second == 0) return;
  if (strategy == "sse" || strategy == "websocket") return;
  throw InputError(fmt::format(
      "{}: slow_readers needs streams, but a target's strategy is {}: leave one of them out",
      scenario.file.string(), strategy));
}

boost::json::object options_of(Scenario const& all, Scenario::Entry const& entry,
                               Target const& target) {
  auto const scenario = variant_of(all, entry);
  auto const first = [](auto const&... values) {
    std::optional<double> found;
    ((found = found ? found : std::optional<double>(values)), ...);
    return found;
  };
  boost::json::object options;
  if (!entry.server_args.empty())
    options["server_args"] = boost::json::value_from(entry.server_args);
  if (target.strategy == "short-poll")
    add(options, "poll_interval_s",
        first(scenario.poll_interval_s, target.client.poll_interval_s, 1.0));
  if (target.strategy == "reload")
    add(options, "reload_interval_s",
        first(scenario.reload_interval_s, target.client.poll_interval_s, 5.0));
  // A server with validators instead of our cursor holds a poll as long as it pleases.
  if (target.strategy == "long-poll" && target.client.cursor == "json")
    add(options, "wait_s", first(scenario.wait_s, target.client.wait_s, 25.0));
  for (auto const& key : client_keys()) {
    if (entry.own.contains(key) && !has_use(key, target, scenario.client))
      throw InputError(fmt::format(
          "{}: {} does nothing for {} as it is: remove it{}", entry.place, key, entry.name,
          target.strategy == "sse" || target.strategy == "websocket" ? ", or set refresh = true"
                                                                     : ""));
  }
  add_client_options(options, scenario.client, target);
  if (entry.own.contains("payload_bytes")) options["payload_bytes"] = scenario.payload_bytes;
  return options;
}

boost::json::object to_json(Scenario const& scenario) {
  boost::json::object object{{"name", scenario.name},
                             {"title", scenario.title},
                             {"description", scenario.description},
                             {"file", scenario.file.string()},
                             {"sha256", sha256_hex(scenario.text)},
                             {"text", scenario.text},
                             {"seed", scenario.seed},
                             {"clients", scenario.clients},
                             {"arrivals", scenario.arrivals},
                             {"rate", scenario.rate},
                             {"payload_bytes", scenario.payload_bytes},
                             {"names", scenario.names},
                             {"subscriptions", scenario.subscriptions},
                             {"warmup_s", scenario.warmup_s},
                             {"measure_s", scenario.measure_s},
                             {"drain_s", scenario.drain_s},
                             {"repetitions", scenario.repetitions}};
  add(object, "burst_size", scenario.burst_size);
  if (scenario.popularity != "uniform") object["popularity"] = scenario.popularity;
  if (!scenario.trace.empty()) object["trace"] = scenario.trace.string();
  for (auto const& [key, value] : scenario.numbers) object[key] = value;
  add(object, "poll_interval_s", scenario.poll_interval_s);
  add(object, "reload_interval_s", scenario.reload_interval_s);
  add(object, "wait_s", scenario.wait_s);
  add_client_options(object, scenario.client);
  if (scenario.system_calls) object["system_calls"] = true;
  if (!scenario.via.empty()) object["via"] = scenario.via;
  if (scenario.tls_setups > 0) object["tls_setups"] = scenario.tls_setups;
  if (auto const& network = scenario.network)
    object["network"] = {{"delay_ms", network->delay_ms},
                         {"jitter_ms", network->jitter_ms},
                         {"loss", network->loss},
                         {"rate_kbit_s", network->rate_kbit_s}};
  if (auto const& disruption = scenario.disruption)
    object["disruption"] = {
        {"kind", disruption->kind}, {"at_s", disruption->at_s}, {"down_s", disruption->down_s}};
  return object;
}

}  // namespace pushlab::driver

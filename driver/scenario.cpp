#include "driver/scenario.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "driver/toml_reader.hpp"

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

Scenario::Entry read_entry(TomlTable table) {
  Scenario::Entry entry;
  entry.place = table.place("id");
  entry.id = table.text("id");
  entry.repetitions = maybe_whole(table, "repetitions", counts);
  entry.poll_interval_s = table.maybe_number("poll_interval_s", interval_s);
  entry.reload_interval_s = table.maybe_number("reload_interval_s", interval_s);
  entry.wait_s = table.maybe_number("wait_s", interval_s);
  table.finish();
  return entry;
}

std::vector<Scenario::Entry> read_entries(TomlTable& root) {
  std::vector<Scenario::Entry> entries;
  for (auto& given : root.entries("targets")) {
    if (auto* id = std::get_if<std::string>(&given))
      entries.push_back({*id, root.place("targets"), {}, {}, {}, {}});
    else
      entries.push_back(read_entry(std::move(std::get<TomlTable>(given))));
    auto const& id = entries.back().id;
    if (std::count_if(entries.begin(), entries.end(), [&](auto const& e) { return e.id == id; }) >
        1)
      root.fail("targets", fmt::format("the target {} stands in targets twice: remove one", id));
  }
  if (entries.empty())
    root.fail("targets", "targets is missing or empty: give e.g. targets = [\"sse\"]");
  return entries;
}

void read_workload(TomlTable& root, Scenario& scenario) {
  scenario.clients = whole(root, "clients", {1, 1000000});
  scenario.names = whole(root, "names", {1, 100000}, 1);
  scenario.subscriptions = whole(root, "subscriptions", {1, 1000}, 1);
  if (scenario.subscriptions > scenario.names)
    root.fail("subscriptions", fmt::format("subscriptions is {}, but there are only {} names: "
                                           "lower it or raise names",
                                           scenario.subscriptions, scenario.names));
  scenario.arrivals = root.one_of("arrivals", {"fixed", "poisson", "bursts"});
  scenario.rate = root.number("rate", {0.001, 1000000});
  scenario.burst_size = maybe_whole(root, "burst_size", {1, 100000});
  if (scenario.burst_size && scenario.arrivals != "bursts")
    root.fail("burst_size", fmt::format("burst_size does nothing when arrivals = \"{}\": remove it",
                                        scenario.arrivals));
  scenario.payload_bytes = whole(root, "payload_bytes", {80, 1000000}, 200);
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

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

template <class Value>
void add(boost::json::object& object, std::string_view key, std::optional<Value> const& value) {
  if (value) object[key] = *value;
}

}  // namespace

Scenario read_scenario(std::filesystem::path const& file) {
  return parse_scenario(read_toml_text(file), file);
}

Scenario parse_scenario(std::string_view text, std::filesystem::path const& file) {
  auto root = TomlTable::from_text(text, file.string());
  Scenario scenario;
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
  scenario.via = root.text("via", "");
  scenario.network = read_network(root);
  scenario.disruption = read_disruption(root, scenario.measure_s);
  root.finish();
  return scenario;
}

Scenario shortened(Scenario scenario) {
  scenario.repetitions = 1;
  for (auto& entry : scenario.targets) entry.repetitions.reset();
  // A disruption needs its time before and after.
  if (!scenario.disruption) scenario.measure_s = std::min(scenario.measure_s, 5.0);
  return scenario;
}

void check_entry(Scenario::Entry const& entry, std::string const& strategy) {
  auto const reject = [&](bool given, std::string_view key, std::string_view user) {
    if (given && strategy != user)
      throw InputError(fmt::format("{}: {} does nothing for {}, whose strategy is {}: remove it",
                                   entry.place, key, entry.id, strategy));
  };
  reject(entry.poll_interval_s.has_value(), "poll_interval_s", "short-poll");
  reject(entry.reload_interval_s.has_value(), "reload_interval_s", "reload");
  reject(entry.wait_s.has_value(), "wait_s", "long-poll");
}

boost::json::object options_of(Scenario const& scenario, Scenario::Entry const& entry,
                               Target const& target) {
  auto const first = [](auto const&... values) {
    std::optional<double> found;
    ((found = found ? found : std::optional<double>(values)), ...);
    return found;
  };
  boost::json::object options;
  if (target.strategy == "short-poll")
    add(options, "poll_interval_s",
        first(entry.poll_interval_s, scenario.poll_interval_s, target.client.poll_interval_s, 1.0));
  if (target.strategy == "reload")
    add(options, "reload_interval_s",
        first(entry.reload_interval_s, scenario.reload_interval_s, target.client.poll_interval_s,
              5.0));
  // A server with validators instead of our cursor holds a poll as long as it pleases.
  if (target.strategy == "long-poll" && target.client.cursor == "json")
    add(options, "wait_s", first(entry.wait_s, scenario.wait_s, target.client.wait_s, 25.0));
  return options;
}

boost::json::object to_json(Scenario const& scenario) {
  boost::json::object object{{"name", scenario.name},
                             {"title", scenario.title},
                             {"description", scenario.description},
                             {"file", scenario.file.string()},
                             {"sha256", sha256(scenario.text)},
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
  add(object, "poll_interval_s", scenario.poll_interval_s);
  add(object, "reload_interval_s", scenario.reload_interval_s);
  add(object, "wait_s", scenario.wait_s);
  if (!scenario.via.empty()) object["via"] = scenario.via;
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

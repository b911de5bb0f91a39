#include "driver/gate_file.hpp"

#include <fmt/format.h>

#include <array>

#include "driver/input_error.hpp"
#include "driver/target.hpp"
#include "driver/toml_reader.hpp"

namespace pushlab::driver {
namespace {

// Every metric that a gate knows, with the limits that it has unless the file gives others.
std::vector<results::MetricRule> known_metrics() {
  return {{"event_p50_ms", "Event, median subscriber", "ms", 0.02, 0.05},
          {"event_p90_ms", "Event, 90th of 100 subscribers", "ms", 0.02, 0.05},
          {"event_last_ms", "Event, last subscriber", "ms", 0.02, 0.05},
          {"stalled_events", "Events that stalled", "share", 0.01, 0.02},
          {"cpu_us_per_delivery", "CPU of a delivery", "us", 0.02, 0.05},
          {"get_us", "GET, answered after", "us", 0.02, 0.05},
          {"cpu_us_per_get", "CPU of a GET", "us", 0.02, 0.05},
          {"setup_us", "Connection, stands after", "us", 0.05, 0.1},
          {"setup_cpu_us", "CPU of a connection's set-up and end", "us", 0.05, 0.1},
          {"memory_kib_per_connection", "Memory of an idle connection", "KiB", 0.05, 0.1}};
}

bool is_measured(std::string_view metric, GateFile const& gate, std::string_view strategy) {
  if (metric == "get_us" || metric == "cpu_us_per_get")
    return !has_events(strategy) && gate.probes > 0;
  if (metric.starts_with("setup_")) return is_stream(strategy) && gate.probes > 0;
  if (metric.starts_with("memory_")) return is_stream(strategy) && gate.crowd > 0;
  return has_events(strategy);
}

// There is no doubt about a count: whatever is above the tolerance fails.
void read_tolerances(TomlTable& limits, std::vector<results::CountRule>& rules) {
  for (auto& rule : rules) {
    auto own = limits.table(rule.id);
    if (!own) continue;
    if (own->has("limit"))
      own->fail("limit",
                "a count is exact and nothing of it is undecided: give its tolerance only");
    rule.tolerance = own->number("tolerance", {0, 10});
    own->finish();
  }
}

void read_limits(TomlTable& root, GateFile& gate) {
  auto& rules = gate.rules;
  rules.metrics = known_metrics();
  auto limits = root.table("limits");
  if (!limits) return;
  for (auto& rule : rules.metrics) {
    auto own = limits->table(rule.id);
    if (!own) continue;
    rule.tolerance = own->number("tolerance", {0, 10});
    rule.limit = own->number("limit", {0, 10});
    if (rule.limit <= rule.tolerance)
      own->fail("limit", fmt::format("limit is {} and tolerance {}: between them lies what is "
                                     "undecided, so limit must be higher",
                                     rule.limit, rule.tolerance));
    own->finish();
  }
  read_tolerances(*limits, gate.count_rules);
  limits->finish();
}

void read_looks(TomlTable& root, results::GateRules& rules) {
  auto looks = root.table("looks");
  if (!looks) return;
  if (looks->has("restarts")) {
    rules.looks.clear();
    for (auto const count : looks->numbers("restarts", {2, 1000}, 3))
      rules.looks.push_back(static_cast<unsigned>(count));
  }
  rules.alpha = looks->number("alpha", {1e-6, 0.2}, rules.alpha);
  looks->finish();
}

unsigned whole(TomlTable& root, char const* key, TomlTable::Range range, unsigned fallback) {
  return static_cast<unsigned>(root.whole(key, range, fallback));
}

}  // namespace

results::GateRules rules_of(GateFile const& gate, std::string_view strategy, std::size_t targets) {
  auto rules = gate.rules;
  rules.alpha /= static_cast<double>(targets);
  std::erase_if(rules.metrics,
                [&](auto const& rule) { return !is_measured(rule.id, gate, strategy); });
  if (rules.metrics.empty())
    throw InputError(
        fmt::format("{}: with probes = 0 nothing of {} is measured: give it some probes",
                    gate.file.string(), strategy));
  return rules;
}

GateFile parse_gate_file(std::string_view text, std::filesystem::path const& file) {
  auto root = TomlTable::from_text(text, file.string());
  GateFile gate;
  gate.file = file;
  gate.title = root.text("title");
  root.text("description", "");
  gate.targets = root.texts("targets");
  gate.clients = whole(root, "clients", {1, 100000}, gate.clients);
  gate.payload_bytes = whole(root, "payload_bytes", {64, 1000000}, gate.payload_bytes);
  gate.pairs_per_s = root.number("pairs_per_s", {0.1, 10000});
  gate.warmup_s = root.number("warmup_s", {0, 3600}, gate.warmup_s);
  gate.measure_s = root.number("measure_s", {0.1, 3600}, gate.measure_s);
  gate.drain_s = root.number("drain_s", {0, 600}, gate.drain_s);
  gate.crowd = whole(root, "crowd", {0, 100000}, gate.crowd);
  gate.probes = whole(root, "probes", {0, 100000}, gate.probes);
  gate.wait_s = root.number("wait_s", {0.1, 3600}, gate.wait_s);
  gate.seed = static_cast<std::uint64_t>(root.whole("seed", {0, 1e15}, 1));
  gate.counts = root.flag("counts", gate.counts);
  read_looks(root, gate.rules);
  read_limits(root, gate);
  root.finish();
  return gate;
}

bool is_gate_file(std::filesystem::path const& file) {
  return TomlTable::from_text(read_toml_text(file), file.string()).has("pairs_per_s");
}

GateFile read_gate_file(std::filesystem::path const& file) {
  return parse_gate_file(read_toml_text(file), file);
}

}  // namespace pushlab::driver

#include "results/gate_restart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <optional>
#include <string_view>

namespace pushlab::results {
namespace json = boost::json;
namespace {

// Members of a load result that have to be 0.
constexpr std::array promises{"lost",       "duplicates", "out_of_order",
                              "unentitled", "malformed",  "disconnects"};

constexpr double stall_factor = 3;
// A machine on which many of base's events take that long measures the machine. Head's are no sign
// of it: they are what is judged.
constexpr double storm_factor = 5;
constexpr double most_stormy = 0.3;
constexpr double least_send_rate = 0.97;

struct Event {
  double p50, p90, last;  // ms
};

// By pair; one that was not delivered to all is left out, it is a fault.
std::map<std::int64_t, Event> events_of(json::object const& load, PairTimes times) {
  std::map<std::int64_t, Event> events;
  for (auto const& row : load.at("event_rows").as_object().at("rows").as_array()) {
    auto const& cells = row.as_array();
    if (cells.at(7).is_null()) continue;
    auto const ms = [&](std::size_t column) { return cells.at(column).to_number<double>(); };
    auto const pair = (ms(0) / 1e3 + times.warmup_s) / times.period_s;
    events[static_cast<std::int64_t>(pair)] = {ms(5), ms(6), ms(7)};
  }
  return events;
}

std::vector<std::pair<Event, Event>> pairs_of(json::object const& base, json::object const& head,
                                              PairTimes times) {
  auto const head_events = events_of(head, times);
  std::vector<std::pair<Event, Event>> pairs;
  for (auto const& [pair, event] : events_of(base, times)) {
    auto const other = head_events.find(pair);
    if (other != head_events.end()) pairs.emplace_back(event, other->second);
  }
  return pairs;
}

void limit(GateRestart& restart, std::string reason) {
  restart.machine_limited = true;
  restart.invalid.push_back(std::move(reason));
}

void add_stalls(GateRestart& restart, std::vector<std::pair<Event, Event>> const& pairs) {
  std::vector<double> all;
  for (auto const& [base, head] : pairs) {
    all.push_back(base.last);
    all.push_back(head.last);
  }
  auto const usual = median(all);
  std::uint64_t stormy = 0;
  for (auto const& [base, head] : pairs) {
    bool const base_stalls = base.last > stall_factor * usual;
    bool const head_stalls = head.last > stall_factor * usual;
    restart.stalls.base += base_stalls;
    restart.stalls.head += head_stalls;
    restart.stalls.only_base += base_stalls && !head_stalls;
    restart.stalls.only_head += head_stalls && !base_stalls;
    stormy += base.last > storm_factor * usual;
  }
  restart.stalls.pairs = pairs.size();
  auto const share = static_cast<double>(stormy) / static_cast<double>(pairs.size());
  if (share > most_stormy)
    limit(
        restart,
        fmt::format(
            "{:.0f} % of base's events took more than {} times the median: the machine is too busy",
            share * 100, storm_factor));
}

struct Sent {
  double rate;           // in time
  std::uint64_t unsent;  // events

  bool enough() const { return rate >= least_send_rate; }
};

Sent sent(json::object const& load) {
  auto const rate = load.at("generator").at("send_rate").to_number<double>();
  auto const events = load.at("event_rows").as_object().at("rows").as_array().size();
  return {rate, static_cast<std::uint64_t>(std::ceil((1 - rate) * static_cast<double>(events)))};
}

// Two generators on one machine: what both could not send, the machine is to blame for; what one
// could not, its ingest. Their other checks ask whether absolute figures can be believed; a pair
// suffers alike on both sides.
void check_generators(GateRestart& restart, json::object const& of_base,
                      json::object const& of_head) {
  auto const base = sent(of_base);
  auto const head = sent(of_head);
  if (base.enough() && head.enough()) return;
  if (!base.enough() && !head.enough())
    return limit(restart, fmt::format("only {:.0f} % of the events for base and {:.0f} % of those "
                                      "for head could be sent in time",
                                      base.rate * 100, head.rate * 100));
  restart.faults["unsent"] = {base.enough() ? 0 : base.unsent, head.enough() ? 0 : head.unsent};
  auto const one_side = [](char const* side, Sent const& of, char const* other) {
    return fmt::format("{}: only {:.0f} % of the events could be sent in time, those for {} could",
                       side, of.rate * 100, other);
  };
  restart.invalid.push_back(base.enough() ? one_side("head", head, "base")
                                          : one_side("base", base, "head"));
}

std::optional<double> cpu_of(json::object const& load) {
  auto const* server = load.if_contains("server");
  if (!server) return {};
  auto const& cpu = server->at("cpu_us_per_delivery");
  if (cpu.is_null()) return {};
  return cpu.to_number<double>();
}

}  // namespace

double median(std::vector<double> values) {
  auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

void add_pairs(GateRestart& restart, std::string const& metric,
               std::vector<std::pair<double, double>> const& pairs) {
  std::vector<double> base, head, effect;
  for (auto const& [one, other] : pairs) {
    base.push_back(one);
    head.push_back(other);
    effect.push_back(std::log(other / one));
  }
  restart.values[metric] = {median(base), median(head), median(effect)};
}

void add_value(GateRestart& restart, std::string const& metric, double base, double head) {
  auto& value = restart.values[metric] = {base, head, {}};
  if (base > 0 && head > 0) value.effect = std::log(head / base);
}

bool add_refused(GateRestart& restart, unsigned clients, std::uint64_t base, std::uint64_t head) {
  if (base == 0 && head == 0) return false;
  restart.faults["refused"] = {base, head};
  auto const one_side = [&](char const* side, std::uint64_t count, char const* other) {
    return fmt::format("{}: {} of {} clients could not connect, all of {} could", side, count,
                       clients, other);
  };
  restart.invalid.push_back(
      base == 0   ? one_side("head", head, "base")
      : head == 0 ? one_side("base", base, "head")
                  : fmt::format("{} clients of base and {} of head, of {} each, could not connect",
                                base, head, clients));
  return true;
}

void doubt_shared_faults(GateRestart& restart) {
  for (auto const& [promise, counts] : restart.faults) {
    auto const [base, head] = counts;
    // add_refused() has said so.
    if (base > 0 && head > 0 && promise != "refused")
      restart.invalid.push_back(fmt::format(
          "{}: {} at base, {} at head: what both did is neither's fault", promise, base, head));
  }
}

void add_faults(GateRestart& restart, json::object const& base, json::object const& head) {
  for (auto const* promise : promises)
    restart.faults[promise] = {base.at(promise).to_number<std::uint64_t>(),
                               head.at(promise).to_number<std::uint64_t>()};
}

void add_events(GateRestart& restart, json::object const& base, json::object const& head,
                PairTimes times) {
  add_faults(restart, base, head);
  check_generators(restart, base, head);
  auto const pairs = pairs_of(base, head, times);
  if (pairs.empty()) {
    restart.invalid.emplace_back("no event reached all clients of both sides");
    return;
  }
  auto const add = [&](char const* metric, double Event::* column) {
    std::vector<std::pair<double, double>> values;
    for (auto const& [one, other] : pairs) values.emplace_back(one.*column, other.*column);
    add_pairs(restart, metric, values);
  };
  add("event_p50_ms", &Event::p50);
  add("event_p90_ms", &Event::p90);
  add("event_last_ms", &Event::last);
  add_stalls(restart, pairs);
  auto const base_cpu = cpu_of(base);
  auto const head_cpu = cpu_of(head);
  if (base_cpu && head_cpu) add_value(restart, "cpu_us_per_delivery", *base_cpu, *head_cpu);
}

GateRestart flipped(GateRestart restart) {
  for (auto& [metric, value] : restart.values) {
    std::swap(value.base, value.head);
    if (value.effect) value.effect = -*value.effect;
  }
  for (auto& [promise, counts] : restart.faults) std::swap(counts.first, counts.second);
  std::swap(restart.stalls.base, restart.stalls.head);
  std::swap(restart.stalls.only_base, restart.stalls.only_head);
  return restart;
}

json::object to_json(GateRestart const& restart) {
  json::object values, faults;
  for (auto const& [metric, value] : restart.values)
    values[metric] = {{"base", value.base},
                      {"head", value.head},
                      {"effect", value.effect ? json::value(*value.effect) : json::value()}};
  for (auto const& [promise, counts] : restart.faults)
    faults[promise] = {counts.first, counts.second};
  auto const& stalls = restart.stalls;
  return {{"values", std::move(values)},
          {"stalls",
           {{"pairs", stalls.pairs},
            {"base", stalls.base},
            {"head", stalls.head},
            {"only_base", stalls.only_base},
            {"only_head", stalls.only_head}}},
          {"faults", std::move(faults)},
          {"invalid", json::value_from(restart.invalid)},
          {"machine_limited", restart.machine_limited}};
}

GateRestart restart_from_json(json::object const& from) {
  GateRestart restart;
  for (auto const& [metric, value] : from.at("values").as_object()) {
    auto& own = restart.values[metric];
    own.base = value.at("base").to_number<double>();
    own.head = value.at("head").to_number<double>();
    if (auto const& effect = value.at("effect"); !effect.is_null())
      own.effect = effect.to_number<double>();
  }
  auto const& stalls = from.at("stalls").as_object();
  auto const count = [&](char const* key) { return stalls.at(key).to_number<std::uint64_t>(); };
  restart.stalls = {count("pairs"), count("base"), count("head"), count("only_base"),
                    count("only_head")};
  for (auto const& [promise, counts] : from.at("faults").as_object())
    restart.faults[promise] = {counts.at(0).to_number<std::uint64_t>(),
                               counts.at(1).to_number<std::uint64_t>()};
  restart.invalid = json::value_to<std::vector<std::string>>(from.at("invalid"));
  // Gates of earlier versions do not say.
  if (auto const* limited = from.if_contains("machine_limited"))
    restart.machine_limited = limited->as_bool();
  return restart;
}

}  // namespace pushlab::results

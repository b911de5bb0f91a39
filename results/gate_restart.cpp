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
constexpr std::array promises{"lost", "duplicates", "out_of_order", "unentitled", "disconnects"};

constexpr double stall_factor = 3;
constexpr double storm_factor =
    5;  // a machine on which many events take that long measures the machine
constexpr double most_stormy = 0.3;
constexpr double least_send_rate = 0.97;

struct Event {
  double p50, p90, last;  // ms
};

// By pair; one that was not delivered to all is left out, it is a fault.
std::map<std::int64_t, Event> events_of(json::object const& load, double period_s) {
  std::map<std::int64_t, Event> events;
  for (auto const& row : load.at("event_rows").as_object().at("rows").as_array()) {
    auto const& cells = row.as_array();
    if (cells.at(7).is_null()) continue;
    auto const ms = [&](std::size_t column) { return cells.at(column).to_number<double>(); };
    events[static_cast<std::int64_t>(ms(0) / 1e3 / period_s)] = {ms(5), ms(6), ms(7)};
  }
  return events;
}

std::vector<std::pair<Event, Event>> pairs_of(json::object const& base, json::object const& head,
                                              double period_s) {
  auto const head_events = events_of(head, period_s);
  std::vector<std::pair<Event, Event>> pairs;
  for (auto const& [pair, event] : events_of(base, period_s)) {
    auto const other = head_events.find(pair);
    if (other != head_events.end()) pairs.emplace_back(event, other->second);
  }
  return pairs;
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
    stormy += base.last > storm_factor * usual || head.last > storm_factor * usual;
  }
  restart.stalls.pairs = pairs.size();
  auto const share = static_cast<double>(stormy) / static_cast<double>(pairs.size());
  if (share > most_stormy)
    restart.invalid.push_back(fmt::format(
        "{:.0f} % of the pairs took more than {} times the median: the machine is too busy",
        share * 100, storm_factor));
}

void add_faults(GateRestart& restart, json::object const& base, json::object const& head) {
  for (auto const* promise : promises)
    restart.faults[promise] = {base.at(promise).to_number<std::uint64_t>(),
                               head.at(promise).to_number<std::uint64_t>()};
}

// The generator's other checks ask whether absolute figures can be believed; a pair suffers alike
// on both sides.
void check_generator(GateRestart& restart, json::object const& load, std::string_view side) {
  auto const rate = load.at("generator").at("send_rate").to_number<double>();
  if (rate < least_send_rate)
    restart.invalid.push_back(
        fmt::format("only {:.0f} % of the events for {} could be sent in time", rate * 100, side));
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
  if (base > 0 && head > 0) restart.values[metric] = {base, head, std::log(head / base)};
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

void add_events(GateRestart& restart, json::object const& base, json::object const& head,
                double period_s) {
  add_faults(restart, base, head);
  check_generator(restart, base, "base");
  check_generator(restart, head, "head");
  auto const pairs = pairs_of(base, head, period_s);
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
  for (auto& [metric, value] : restart.values) value = {value.head, value.base, -value.effect};
  for (auto& [promise, counts] : restart.faults) std::swap(counts.first, counts.second);
  std::swap(restart.stalls.base, restart.stalls.head);
  std::swap(restart.stalls.only_base, restart.stalls.only_head);
  return restart;
}

json::object to_json(GateRestart const& restart) {
  json::object values, faults;
  for (auto const& [metric, value] : restart.values)
    values[metric] = {{"base", value.base}, {"head", value.head}, {"effect", value.effect}};
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
          {"invalid", json::value_from(restart.invalid)}};
}

GateRestart restart_from_json(json::object const& from) {
  GateRestart restart;
  for (auto const& [metric, value] : from.at("values").as_object())
    restart.values[metric] = {value.at("base").to_number<double>(),
                              value.at("head").to_number<double>(),
                              value.at("effect").to_number<double>()};
  auto const& stalls = from.at("stalls").as_object();
  auto const count = [&](char const* key) { return stalls.at(key).to_number<std::uint64_t>(); };
  restart.stalls = {count("pairs"), count("base"), count("head"), count("only_base"),
                    count("only_head")};
  for (auto const& [promise, counts] : from.at("faults").as_object())
    restart.faults[promise] = {counts.at(0).to_number<std::uint64_t>(),
                               counts.at(1).to_number<std::uint64_t>()};
  restart.invalid = json::value_to<std::vector<std::string>>(from.at("invalid"));
  return restart;
}

}  // namespace pushlab::results

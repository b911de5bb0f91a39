#include "results/cost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <vector>

#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr double users = 1e6;
constexpr double hours_a_month = 730;
constexpr std::size_t draw_count = 1000;
constexpr std::uint64_t draw_seed = 1;  // fixed: the same result costs the same

struct Entry {
  std::string_view name, metric;
};

constexpr auto ledger_entries = std::to_array<Entry>({
    {"cpu_us_per_delivery", "server_cpu_us_per_delivery"},
    {"syscalls_per_delivery", "syscalls_per_delivery"},
    {"wire_bytes_per_delivery", "wire_bytes_per_delivery"},
    {"memory_kib", "memory_kib_per_connection"},
    {"kernel_kib", "kernel_kib_per_connection"},
    {"setup_ms", "connect_ms_p50"},
    {"setup_cpu_us", "setup_cpu_us"},
    {"setup_tls_cpu_us", "setup_tls_cpu_us"},
    {"setup_resumed_cpu_us", "setup_resumed_cpu_us"},
    {"useless_per_client_hour", "useless_per_client_hour"},
});

struct Prices {
  double vcpu_hour, gib_hour, egress_gb, utilisation, ram_headroom;
};

Prices read(json::object const& prices) {
  auto const at = [&](char const* name) {
    auto const value = number_at(prices, name);
    if (!value) throw ResultError(fmt::format("the prices have no number {}", name));
    return *value;
  };
  return {at("vcpu_hour"), at("gib_hour"), at("egress_gb"), at("utilisation"), at("ram_headroom")};
}

struct Input {
  double value;
  double spread;  // of the logarithm; 0 without an interval
  bool unbounded = false;

  double drawn(double normal) const { return value * std::exp(spread * normal); }
};

struct Inputs {
  std::array<Input, 4> all;  // CPU in us and bytes per delivery; KiB of server and kernel
  std::string missing;       // the titles of what was not measured
};

Input input(json::object const& target, std::string_view metric_id, std::string& missing) {
  json::object const& figure = figure_of(target, metric_id);
  auto const value = number_at(figure, "value");
  if (!value) {
    missing += (missing.empty() ? "" : ", ") + std::string(metric(metric_id).title);
    return {0, 0};
  }
  auto const lo = number_at(figure, "lo");
  auto const hi = number_at(figure, "hi");
  constexpr double both_sides = 2 * 1.96;
  if (lo && !hi) return {*value, *lo > 0 ? std::log(*value / *lo) * 2 / both_sides : 0, true};
  return {*value, lo && *lo > 0 && hi > lo ? std::log(*hi / *lo) / both_sides : 0};
}

Inputs inputs(json::object const& target) {
  bool const wire = number_at(figure_of(target, "wire_bytes_per_delivery"), "value").has_value();
  Inputs found;
  found.all = {
      input(target, "server_cpu_us_per_delivery", found.missing),
      input(target, wire ? "wire_bytes_per_delivery" : "bytes_per_delivery", found.missing),
      input(target, "memory_kib_per_connection", found.missing),
      input(target, "kernel_kib_per_connection", found.missing)};
  return found;
}

struct Money {
  double cpu, memory, traffic;  // of a million users and a month
  double billion;               // of a billion deliveries, without memory

  double month() const { return cpu + memory + traffic; }
};

Money money(std::array<double, 4> const& in, double deliveries_per_s, Prices const& prices) {
  auto const [cpu_us, bytes, server_kib, kernel_kib] = in;
  double const cpu = cpu_us * 1e-6 / 3600 / prices.utilisation * prices.vcpu_hour;
  double const traffic = bytes * 1e-9 * prices.egress_gb;
  double const gib = (server_kib + kernel_kib / 2) / (1024 * 1024) / prices.ram_headroom;
  double const deliveries = users * deliveries_per_s * 3600 * hours_a_month;
  return {deliveries * cpu, users * gib * prices.gib_hour * hours_a_month, deliveries * traffic,
          1e9 * (cpu + traffic)};
}

double normal(std::mt19937_64& random) {
  auto const uniform = [&] { return std::ldexp(static_cast<double>(random() >> 11), -53); };
  double const radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

json::object amount(double value, std::vector<double> draws, bool unbounded) {
  std::ranges::sort(draws);
  auto const at = [&](double q) {
    return draws[static_cast<std::size_t>(q * static_cast<double>(draws.size() - 1))];
  };
  json::object found{{"value", value}, {"lo", at(0.025)}, {"hi", at(0.975)}};
  if (unbounded) {
    found["hi"] = nullptr;
    found["remark"] = "unbounded, because the interval of one of its figures is";
  }
  return found;
}

json::object unknown(std::string_view missing) {
  return {{"value", nullptr},
          {"lo", nullptr},
          {"hi", nullptr},
          {"remark", fmt::format("not measured: {}", missing)}};
}

void add_money(json::object& entry, Inputs const& in, double deliveries_per_s,
               Prices const& prices) {
  std::array<double, 4> values{};
  std::ranges::transform(in.all, values.begin(), &Input::value);
  Money const exact = money(values, deliveries_per_s, prices);
  std::mt19937_64 random(draw_seed);
  std::vector<double> month, billion;
  for (std::size_t i = 0; i < draw_count; ++i) {
    std::ranges::transform(in.all, values.begin(),
                           [&](Input const& one) { return one.drawn(normal(random)); });
    Money const drawn = money(values, deliveries_per_s, prices);
    month.push_back(drawn.month());
    billion.push_back(drawn.billion);
  }
  auto const unbounded = [&](std::size_t count) {
    return std::any_of(in.all.begin(), in.all.begin() + count, std::mem_fn(&Input::unbounded));
  };
  json::object monthly = amount(exact.month(), std::move(month), unbounded(in.all.size()));
  monthly["parts"] =
      json::object{{"cpu", exact.cpu}, {"memory", exact.memory}, {"traffic", exact.traffic}};
  entry["usd_per_million_users_month"] = std::move(monthly);
  entry["usd_per_billion_deliveries"] = amount(exact.billion, std::move(billion), unbounded(2));
}

}  // namespace

json::array cost_ledger(json::object const& result, json::object const& prices) {
  Prices const by = read(prices);
  json::object const& scenario = object_at(result, "scenario");
  double const deliveries_per_s = number_at(scenario, "rate").value_or(0) *
                                  number_at(scenario, "subscriptions").value_or(1) /
                                  number_at(scenario, "names").value_or(1);
  json::array ledger;
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    json::object entry{{"id", text_at(target, "id")}, {"title", text_at(target, "title")}};
    for (Entry const& one : ledger_entries) entry[one.name] = figure_of(target, one.metric);
    Inputs const in = inputs(target);
    if (in.missing.empty()) {
      add_money(entry, in, deliveries_per_s, by);
    } else {
      entry["usd_per_million_users_month"] = unknown(in.missing);
      entry["usd_per_billion_deliveries"] = unknown(in.missing);
    }
    ledger.push_back(std::move(entry));
  }
  return ledger;
}

}  // namespace pushlab::results

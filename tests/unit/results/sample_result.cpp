#include "tests/unit/results/sample_result.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "results/histogram.hpp"

namespace pushlab::sample {

namespace json = boost::json;
using results::Histogram;

namespace {

std::uint64_t to_ns(double ms) {
  return static_cast<std::uint64_t>(ms * 1e6);
}

double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

json::object percentiles(Histogram const& histogram) {
  json::object object;
  for (auto const& [name, q] : {std::pair{"p50", 0.5},
                                {"p90", 0.9},
                                {"p99", 0.99},
                                {"p99_9", 0.999},
                                {"p99_99", 0.9999},
                                {"max", 1.0}}) {
    auto const ns = histogram.quantile(q);
    object[name] = ns ? json::value(rounded(*ns / 1e6)) : json::value();
  }
  return object;
}

struct Recorded {
  Histogram latency, from_send, lag, connect;
  json::array rows;
  json::array series;
  std::uint64_t delivered = 0;
};

// Over `expected` values, of which the missing ones are infinite.
json::value at(std::vector<double> const& sorted, double q, std::size_t expected) {
  auto const rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(expected)));
  if (rank > sorted.size()) return nullptr;
  return rounded(sorted[std::max<std::size_t>(rank, 1) - 1]);
}

void record_event(Recorded& recorded, Plan const& plan, Target const& target, std::uint32_t event,
                  Random& random) {
  double const lag = plan.lag_ms * (0.5 + random.uniform());
  std::uint64_t const missing = event + 1 == plan.events ? target.lost : 0;
  std::vector<double> latencies;
  for (std::uint32_t i = 0; i < plan.clients; ++i) {
    double const share = (i + 0.5) / plan.clients;
    double const own = target.latency_ms(random, share);
    if (plan.clients - i <= missing) continue;
    latencies.push_back(lag + own);
    recorded.latency.add(to_ns(lag + own));
    recorded.from_send.add(to_ns(own));
  }
  recorded.latency.add_undelivered(missing);
  recorded.from_send.add_undelivered(missing);
  recorded.lag.add(to_ns(lag));
  recorded.delivered += latencies.size();
  std::ranges::sort(latencies);
  recorded.rows.push_back(
      json::array{rounded(event * 1000 / plan.rate), rounded(lag), plan.clients, latencies.size(),
                  at(latencies, 0, plan.clients), at(latencies, 0.5, plan.clients),
                  at(latencies, 0.9, plan.clients), at(latencies, 1, plan.clients)});
}

void record_series(Recorded& recorded, Plan const& plan, Target const& target) {
  auto const per_second = static_cast<std::uint32_t>(plan.rate);
  for (std::uint32_t first = 0; first < plan.events; first += per_second) {
    std::size_t const events = std::min(per_second, plan.events - first);
    std::uint64_t deliveries = 0;
    std::vector<double> p50, last;
    for (std::uint32_t e = first; e < std::min(first + per_second, plan.events); ++e) {
      json::array const& row = recorded.rows[e].as_array();
      deliveries += row[3].to_number<std::uint64_t>();
      if (row[5].is_number()) p50.push_back(row[5].to_number<double>());
      if (row[7].is_number()) last.push_back(row[7].to_number<double>());
    }
    std::ranges::sort(p50);
    std::ranges::sort(last);
    recorded.series.push_back(json::object{
        {"t_s", first / per_second},
        {"events", events},
        {"deliveries", deliveries},
        {"latency_ms_p50", at(p50, 0.5, events)},
        {"latency_ms_p99", at(last, 0.9, events)},
        {"latency_ms_max", at(last, 1, events)},
        {"server_cpu_share", rounded(static_cast<double>(deliveries) * target.cpu_us * 1e-6)}});
  }
}

bool is_stream(Target const& target) {
  return target.strategy == "sse" || target.strategy == "websocket";
}

json::object server_part(Target const& target, Random& random) {
  double const wobble = 1 + 0.02 * random.normal();
  return {{"cpu_us_per_delivery", rounded(target.cpu_us * wobble)},
          {"cpu_share", 0.12},
          {"syscalls_per_delivery", 1.1},
          {"setup_cpu_us", is_stream(target) ? json::value(rounded(55 * wobble)) : json::value()},
          {"memory_kib_per_connection", rounded(target.memory_kib * wobble)},
          {"kernel_kib_per_connection", rounded(target.kernel_kib * wobble)},
          {"rss_kib_before", 5200},
          {"rss_kib_idle", 7000},
          {"threads", 1},
          {"sockets", 202}};
}

}  // namespace

double Random::uniform() {
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
  mixed ^= mixed >> 31;
  return std::ldexp(static_cast<double>(mixed >> 11), -53);
}

double Random::normal() {
  double const radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

json::object repetition(Plan const& plan, Target const& target, std::uint32_t block) {
  Random random(plan.seed * 1000 + block);
  Recorded recorded;
  for (std::uint32_t e = 0; e < plan.events; ++e) record_event(recorded, plan, target, e, random);
  for (std::uint32_t i = 0; i < plan.clients; ++i)
    recorded.connect.add(to_ns(0.4 + random.uniform()));
  record_series(recorded, plan, target);
  auto const delivered = static_cast<double>(recorded.delivered);
  double const requests = plan.clients + target.requests * delivered;
  return {
      {"block", block},
      {"order", block},
      {"started", "1970-01-01T00:00:00Z"},
      {"error", nullptr},
      {"strategy", target.strategy},
      {"clients", plan.clients},
      {"connected", plan.clients},
      {"connect_failures", 0},
      {"disconnects", 0},
      {"resets", 0},
      {"events", plan.events},
      {"expected", plan.events * plan.clients},
      {"delivered", recorded.delivered},
      {"lost", target.lost},
      {"duplicates", 0},
      {"out_of_order", 0},
      {"unentitled", target.unentitled},
      {"requests", std::llround(requests)},
      {"useless_requests", std::llround(requests * target.useless_share)},
      {"bytes_received", std::llround(delivered * target.bytes)},
      {"bytes_sent", std::llround(requests * 120)},
      {"deliveries_per_s", rounded(delivered * plan.rate / plan.events)},
      {"measured_s", plan.events / plan.rate},
      {"stale_share", 0.01},
      {"refreshes", 100},
      {"stale_refreshes", 3},
      {"connections", 1},
      {"wire", json::object{{"bytes_received", std::llround(delivered * target.bytes)},
                            {"bytes_sent", std::llround(requests * 120)},
                            {"segments_received", recorded.delivered},
                            {"segments_sent", recorded.delivered}}},
      {"recovery", json::object{{"t50_ms", 300.0}, {"t95_ms", 800.0}, {"t100_ms", 900.0}}},
      {"tls", is_stream(target) ? json::object{{"setup_cpu_us", 900.0}, {"resumed_cpu_us", 800.0}}
                                : json::object{}},
      {"latency_ms", percentiles(recorded.latency)},
      {"latency_from_send_ms", percentiles(recorded.from_send)},
      {"connect_ms", percentiles(recorded.connect)},
      {"fan_out_ms", json::object{{"first_p50", 0.4}, {"last_p50", 2.0}, {"spread_p50", 1.6}}},
      {"generator", json::object{{"cpu_share", 0.18},
                                 {"cpu_us_per_delivery", 4.1},
                                 {"lag_ms_p99", 0.12},
                                 {"send_rate", 1.0},
                                 {"valid", true},
                                 {"invalid_reasons", json::array{}}}},
      {"server", server_part(target, random)},
      {"series", std::move(recorded.series)},
      {"event_rows",
       json::object{{"columns", json::array{"intended_ms", "lag_ms", "expected", "delivered",
                                            "first_ms", "p50_ms", "p90_ms", "last_ms"}},
                    {"rows", std::move(recorded.rows)}}},
      {"histograms", json::object{{"latency", recorded.latency.to_json()},
                                  {"latency_from_send", recorded.from_send.to_json()},
                                  {"lag", recorded.lag.to_json()},
                                  {"connect", recorded.connect.to_json()}}}};
}

json::object result(Plan const& plan, std::vector<Target> const& targets) {
  json::array measured;
  for (Target const& target : targets) {
    json::array repetitions;
    for (std::uint32_t b = 0; b < plan.repetitions; ++b)
      repetitions.push_back(repetition(plan, target, b));
    measured.push_back(json::object{{"id", target.id},
                                    {"title", target.title},
                                    {"strategy", target.strategy},
                                    {"third_party", false},
                                    {"version", "0.1.0"},
                                    {"options", json::object{}},
                                    {"repetitions", std::move(repetitions)}});
  }
  json::object const pushlab{{"version", "0.1.0"},
                             {"commit", "0000000"},
                             {"dirty", false},
                             {"build_type", "Release"},
                             {"compiler", "g++ 12.2.0"}};
  double const measure_s = plan.events / plan.rate;
  return {
      {"schema", "pushlab.result/1"},
      {"run", json::object{{"id", "19700101-000000-sample"},
                           {"started", "1970-01-01T00:00:00Z"},
                           {"duration_s", 150.5},
                           {"valid", true},
                           {"pushlab", pushlab}}},
      {"scenario",
       json::object{{"name", "sample"},
                    {"title", "Generated sample, not a measurement"},
                    {"file", "scenarios/sample.toml"},
                    {"sha256", std::string(64, '0')},
                    {"text", "# Generated by formula for the tests.\nclients = 200\nrate = 10\n"},
                    {"seed", plan.seed},
                    {"clients", plan.clients},
                    {"arrivals", "fixed"},
                    {"rate", plan.rate},
                    {"payload_bytes", 200},
                    {"names", 1},
                    {"subscriptions", 1},
                    {"warmup_s", 1},
                    {"measure_s", measure_s},
                    {"drain_s", 3},
                    {"repetitions", plan.repetitions}}},
      {"machine", json::object{{"cpu_model", "Sample CPU"},
                               {"cores", 2},
                               {"memory_kib", 25165824},
                               {"kernel", "6.1.0"},
                               {"os", "Debian GNU/Linux 12"},
                               {"hypervisor", "kvm"},
                               {"nofile", 20000},
                               {"congestion_control", "bbr"},
                               {"port_range", "32768-60999"},
                               {"somaxconn", 4096},
                               {"server_cores", json::array{0}},
                               {"load_cores", json::array{1}},
                               {"steal_share", 0.004},
                               {"other_cpu_share", 0.02}}},
      {"targets", std::move(measured)},
      {"skipped", json::array{json::object{
                      {"id", "nchan-sse"},
                      {"title", "SSE (nginx nchan)"},
                      {"reason", "nginx is not installed: apt-get install libnginx-mod-nchan"}}}}};
}

std::vector<Target> five_targets() {
  auto const stream = [](double base, double fan_out) {
    return [=](Random& random, double share) {
      double const hiccup = random.uniform() < 0.01 ? 6 * random.uniform() : 0;
      return base * std::exp(0.15 * random.normal()) + fan_out * share + hiccup;
    };
  };
  auto const poll = [](double interval, double base) {
    return [=](Random& random, double) {
      return base * std::exp(0.2 * random.normal()) + interval * random.uniform();
    };
  };
  return {
      {"sse", "SSE (Boost.Asio)", "sse", stream(0.5, 1.6), 6.1, 7.2, 9.1, 236, 0, 0, 0},
      {"websocket", "WebSocket (Beast)", "websocket", stream(0.51, 1.65), 6.9, 10.8, 9.1, 228, 0, 0,
       0},
      {"long-poll", "Long polling", "long-poll", stream(0.9, 3.4), 15.2, 8.4, 9.3, 452, 1, 0.01, 0},
      {"short-poll", "Short polling, 1 s", "short-poll", poll(1000, 1.2), 11.4, 6.1, 9.2, 660, 0.4,
       0.35, 0},
      {"reload", "Page reload, 2 s", "reload", poll(2000, 1.4), 13.8, 5.9, 9.2, 1890, 0.3, 0.2, 0}};
}

}  // namespace pushlab::sample

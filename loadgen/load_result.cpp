#include "loadgen/load_result.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

namespace pushlab::loadgen {

namespace {

namespace json = boost::json;

constexpr double ns_per_ms = 1e6;

json::value ms(std::optional<double> ns) {
  return ns ? json::value(*ns / ns_per_ms) : json::value(nullptr);
}

json::value ms(std::optional<std::int64_t> ns) {
  return ns ? json::value(static_cast<double>(*ns) / ns_per_ms) : json::value(nullptr);
}

// The largest value of all: not there as soon as one value is infinite.
json::value max_ms(Histogram const& histogram) {
  if (histogram.recorded() == 0 || histogram.undelivered() > 0) return nullptr;
  return static_cast<double>(histogram.max()) / ns_per_ms;
}

json::object latency_json(Histogram const& histogram) {
  return {{"p50", ms(histogram.quantile(0.5))},       {"p90", ms(histogram.quantile(0.9))},
          {"p99", ms(histogram.quantile(0.99))},      {"p99_9", ms(histogram.quantile(0.999))},
          {"p99_99", ms(histogram.quantile(0.9999))}, {"max", max_ms(histogram)}};
}

json::object connect_json(Histogram const& histogram) {
  return {{"p50", ms(histogram.quantile(0.5))},
          {"p90", ms(histogram.quantile(0.9))},
          {"p99", ms(histogram.quantile(0.99))},
          {"max", max_ms(histogram)}};
}

json::object histogram_json(Histogram const& histogram) {
  json::array counts;
  for (std::size_t bucket = 0; bucket < histogram.counts().size(); ++bucket) {
    auto const count = histogram.counts()[bucket];
    if (count > 0) counts.push_back(json::array{bucket, count});
  }
  return {{"unit", "ns"},
          {"sub_buckets", Histogram::sub_buckets},
          {"total", histogram.total()},
          {"undelivered", histogram.undelivered()},
          {"min", histogram.min()},
          {"max", histogram.max()},
          {"counts", std::move(counts)}};
}

// The median over events, where an absent value is infinite.
template <class Value>
json::value median_ms(std::vector<EventRow> const& rows, Value value) {
  if (rows.empty()) return nullptr;
  std::vector<double> all;
  for (auto const& row : rows) {
    std::optional<std::int64_t> const ns = value(row);
    all.push_back(ns ? static_cast<double>(*ns) : INFINITY);
  }
  auto const middle = all.begin() + static_cast<std::ptrdiff_t>((all.size() - 1) / 2);
  std::ranges::nth_element(all, middle);
  return std::isinf(*middle) ? json::value(nullptr) : json::value(*middle / ns_per_ms);
}

json::object fan_out_json(std::vector<EventRow> const& rows) {
  auto const spread = [](EventRow const& row) -> std::optional<std::int64_t> {
    if (!row.last_ns) return std::nullopt;
    return *row.last_ns - *row.first_ns;
  };
  return {{"first_p50", median_ms(rows, [](EventRow const& row) { return row.first_ns; })},
          {"last_p50", median_ms(rows, [](EventRow const& row) { return row.last_ns; })},
          {"spread_p50", median_ms(rows, spread)}};
}

json::array checks_json(std::vector<SelfCheck> const& checks) {
  json::array out;
  for (auto const& check : checks) {
    out.push_back(json::object{{"check", check.check},
                               {"value", check.value},
                               {"limit", check.limit},
                               {"unit", check.unit},
                               {"verdict", name_of(check.verdict)}});
  }
  return out;
}

json::object generator_json(GeneratorHealth const& self) {
  return {
      {"cpu_share", self.cpu_share},
      {"cpu_us_per_delivery", self.cpu_us_per_delivery},
      {"lag_ms_p99", self.lag_ms_p99 ? json::value(*self.lag_ms_p99) : json::value(nullptr)},
      {"send_rate", self.send_rate},
      {"checks", checks_json(self.checks)},
      {"valid", self.valid()},
      {"invalid_reasons", json::array(self.invalid_reasons.begin(), self.invalid_reasons.end())}};
}

json::value maybe(std::optional<double> value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::value wire_json(std::optional<WireCount> const& wire) {
  if (!wire) return nullptr;
  return {{"bytes_received", wire->bytes_received},
          {"bytes_sent", wire->bytes_sent},
          {"segments_received", wire->segments_received},
          {"segments_sent", wire->segments_sent}};
}

json::object recovery_json(RecoveryResult const& recovery) {
  return {{"down_ms", ms(recovery.down_ns)}, {"t50_ms", ms(recovery.t50_ns)},
          {"t95_ms", ms(recovery.t95_ns)},   {"t100_ms", ms(recovery.t100_ns)},
          {"attempts", recovery.attempts},   {"failed_attempts", recovery.failed_attempts},
          {"snapshots", recovery.snapshots}, {"unaccepted_events", recovery.unaccepted_events}};
}

json::array series_json(std::vector<SeriesRow> const& series) {
  json::array out;
  for (auto const& row : series) {
    out.push_back(json::object{{"t_s", row.t_s},
                               {"events", row.events},
                               {"deliveries", row.latency.recorded()},
                               {"latency_ms_p50", ms(row.latency.quantile(0.5))},
                               {"latency_ms_p99", ms(row.latency.quantile(0.99))},
                               {"latency_ms_max", max_ms(row.latency)}});
  }
  return out;
}

json::object event_rows_json(std::vector<EventRow> const& rows) {
  json::array out;
  for (auto const& row : rows) {
    auto const sent = row.lag_ns >= 0 ? std::optional(row.lag_ns) : std::nullopt;
    out.push_back(json::array{ms(std::optional(row.intended_ns)), ms(sent), row.expected,
                              row.delivered, ms(row.first_ns), ms(row.p50_ns), ms(row.p90_ns),
                              ms(row.last_ns)});
  }
  return {{"columns", json::array{"intended_ms", "lag_ms", "expected", "delivered", "first_ms",
                                  "p50_ms", "p90_ms", "last_ms"}},
          {"rows", std::move(out)}};
}

json::object figures_json(LoadResult const& result) {
  auto const per_s =
      result.measured_s > 0 ? static_cast<double>(result.delivered) / result.measured_s : 0;
  return {{"strategy", result.strategy},
          {"clients", result.clients},
          {"connected", result.connected},
          {"connect_failures", result.connect_failures},
          {"disconnects", result.disconnects},
          {"resets", result.resets},
          {"publish_errors", result.publish_errors},
          {"events", result.events},
          {"expected", result.expected},
          {"delivered", result.delivered},
          {"lost", result.lost},
          {"duplicates", result.duplicates},
          {"out_of_order", result.out_of_order},
          {"unentitled", result.unentitled},
          {"malformed", result.malformed},
          {"requests", result.requests},
          {"useless_requests", result.useless_requests},
          {"bytes_received", result.bytes_received},
          {"bytes_sent", result.bytes_sent},
          {"connections", result.connections},
          {"refreshes", result.refreshes},
          {"stale_refreshes", result.stale_refreshes},
          {"stale_share", maybe(result.stale_share)},
          {"wire", wire_json(result.wire)},
          {"deliveries_per_s", per_s},
          {"measured_s", result.measured_s},
          {"interrupted", result.interrupted},
          {"latency_ms", latency_json(result.latency)},
          {"latency_from_send_ms", latency_json(result.latency_from_send)},
          {"connect_ms", connect_json(result.connect)},
          {"fan_out_ms", fan_out_json(result.event_rows)},
          {"generator", generator_json(result.generator)},
          {"series", series_json(result.series)},
          {"event_rows", event_rows_json(result.event_rows)},
          {"histograms",
           {{"latency", histogram_json(result.latency)},
            {"latency_from_send", histogram_json(result.latency_from_send)},
            {"lag", histogram_json(result.lag)},
            {"connect", histogram_json(result.connect)}}}};
}

}  // namespace

json::object to_json(LoadResult const& result) {
  auto object = figures_json(result);
  if (auto const& sessions = result.sessions) {
    object["sessions"] = {{"ended", sessions->ended},
                          {"absent_pairs", sessions->absent_pairs},
                          {"connect_ms", connect_json(sessions->connect)}};
  }
  if (auto const& slow = result.slow_readers) {
    object["slow_readers"] = {{"clients", slow->clients},
                              {"delivered", slow->delivered},
                              {"disconnects", slow->disconnects}};
  }
  if (result.recovery) object["recovery"] = recovery_json(*result.recovery);
  return object;
}

}  // namespace pushlab::loadgen

#include "results/oracle.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "results/format.hpp"
#include "results/histogram.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr double early = 0.05;
constexpr double s_per_ns = 1e-9;
constexpr std::size_t enough_events = 30;

struct Check {
  std::string_view oracle, metric;
};

constexpr auto polling_checks = std::to_array<Check>({
    {"poll_mean_freshness_ms", "latency_mean_ms"},
    {"useless_share", "useless_request_share"},
    {"stale_share", "stale_share"},
    {"useless_per_event_fixed", "useless_per_delivery"},
});

Histogram merged(json::object const& target, std::string_view name) {
  Histogram histogram;
  for (json::object const* repetition : measured(target)) {
    json::object const& one = object_at(object_at(*repetition, "histograms"), name);
    if (!one.empty()) histogram.merge(Histogram::from_json(one));
  }
  return histogram;
}

std::size_t events_of(json::object const& target) {
  std::size_t events = 0;
  for (json::object const* repetition : measured(target))
    events += array_at(*repetition, "event_rows.rows").size();
  return events;
}

// Events a second: those that there were, where chance had a say.
double rate_of(json::object const& scenario, json::object const& target) {
  double const asked = number_at(scenario, "rate").value_or(0);
  double measured_s = 0;
  for (json::object const* repetition : measured(target))
    measured_s += number_at(*repetition, "measured_s").value_or(0);
  auto const events = static_cast<double>(events_of(target));
  bool const chance = text_at(scenario, "arrivals") == "poisson";
  return chance && events > 0 && measured_s > 0 ? events / measured_s : asked;
}

// Seconds between two events of one client, when that is the same everywhere.
std::optional<double> event_interval_s(json::object const& scenario, json::object const& target) {
  double const rate = rate_of(scenario, target);
  double const names = number_at(scenario, "names").value_or(1);
  double const subscriptions = number_at(scenario, "subscriptions").value_or(1);
  bool const even = subscriptions == names || subscriptions == 1;
  if (rate <= 0 || (text_at(scenario, "arrivals") == "fixed" && !even)) return std::nullopt;
  return names / (subscriptions * rate);
}

std::optional<double> poll_interval_s(json::object const& target) {
  std::string const strategy = text_at(target, "strategy");
  if (strategy == "short-poll") return number_at(target, "options.poll_interval_s");
  if (strategy == "reload") return number_at(target, "options.reload_interval_s");
  return std::nullopt;
}

// r of the header's comment.
std::optional<double> way_s(json::object const& target, double poll_s) {
  auto const fast = merged(target, "latency_from_send").quantile(early);
  if (!fast) return std::nullopt;
  return std::max(0.0, *fast * s_per_ns - early * poll_s);
}

std::optional<double> mean_freshness_ms(json::object const& target, double poll_s) {
  auto const way = way_s(target, poll_s);
  if (!way) return std::nullopt;
  double const lag_ns = merged(target, "lag").mean().value_or(0);
  return 1000 * (poll_s / 2 + *way + lag_ns * s_per_ns);
}

std::optional<double> stale_share(json::object const& target, double poll_s, double event_s,
                                  bool poisson) {
  auto const way = way_s(target, poll_s);
  if (!way) return std::nullopt;
  if (poisson) {
    double const events = poll_s / event_s;
    return 1 - std::exp(-*way / event_s) * (1 - std::exp(-events)) / events;
  }
  if (event_s > poll_s + *way) return (poll_s / 2 + *way) / event_s;
  if (event_s > poll_s || event_s < *way) return std::nullopt;
  return 1 - (event_s - *way) * (event_s - *way) / (2 * event_s * poll_s);
}

json::object checked(Check const& check, json::object const& target, double expected) {
  json::object const& figure = figure_of(target, check.metric);
  auto const value = number_at(figure, "value");
  auto const lo = number_at(figure, "lo");
  auto const hi = number_at(figure, "hi");
  constexpr double resolution = 0.005;
  std::string_view verdict = "no interval";
  if (value && std::abs(*value - expected) <= closeness(metric(check.metric), expected)) {
    verdict = "close";
  } else if (value && lo && hi && measured(target).size() > 1) {
    bool const chance = check.oracle != "useless_per_event_fixed";  // a count without any
    verdict = chance && events_of(target) < enough_events ? "few events" : "outside";
  }
  if (value && lo && hi && expected >= *lo * (1 - resolution) && expected <= *hi * (1 + resolution))
    verdict = "inside";
  return {{"oracle", check.oracle},
          {"metric", check.metric},
          {"value", value ? json::value(*value) : json::value()},
          {"lo", lo ? json::value(*lo) : json::value()},
          {"hi", hi ? json::value(*hi) : json::value()},
          {"expected", expected},
          {"verdict", verdict}};
}

}  // namespace

std::optional<double> oracle(std::string_view name, json::object const& scenario,
                             json::object const& target) {
  auto const poll_s = poll_interval_s(target);
  auto const event_s = event_interval_s(scenario, target);
  std::string const arrivals = text_at(scenario, "arrivals");
  bool const poisson = arrivals == "poisson";
  bool const known = event_s && (poisson || arrivals == "fixed");
  if (name == "poll_mean_freshness_ms" && poll_s) return mean_freshness_ms(target, *poll_s);
  if (!known || !poll_s) return std::nullopt;
  if (name == "useless_share")
    return poisson ? std::exp(-*poll_s / *event_s) : std::max(0.0, 1 - *poll_s / *event_s);
  if (name == "stale_share") return stale_share(target, *poll_s, *event_s, poisson);
  if (name == "useless_per_event_fixed" && !poisson && *event_s > *poll_s)
    return *event_s / *poll_s - 1;
  return std::nullopt;
}

std::vector<std::string> oracles_of(std::string_view metric) {
  std::vector<std::string> names;
  for (Check const& check : polling_checks)
    if (check.metric == metric) names.emplace_back(check.oracle);
  return names;
}

double closeness(Metric const& metric, double expected) {
  return std::max(0.02 * expected, metric.unit == "share" ? 0.001 : 0);
}

bool contradicted(json::object const& result, std::string_view target_id) {
  for (json::value const& value : array_at(result, "oracles")) {
    if (text_at(value.as_object(), "id") != target_id) continue;
    for (json::value const& check : array_at(value.as_object(), "checks"))
      if (text_at(check.as_object(), "verdict") == "outside") return true;
  }
  return false;
}

json::array reproduces(json::object const& result) {
  json::array list;
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    if (!poll_interval_s(target)) continue;
    json::array checks;
    bool outside = false;
    bool reproduced = false;
    for (Check const& check : polling_checks) {
      auto const expected = oracle(check.oracle, object_at(result, "scenario"), target);
      if (!expected || !number_at(figure_of(target, check.metric), "value")) continue;
      checks.push_back(checked(check, target, *expected));
      std::string_view const verdict = checks.back().at("verdict").as_string();
      outside = outside || verdict == "outside";
      reproduced = reproduced || verdict == "inside" || verdict == "close";
    }
    list.push_back(json::object{{"id", text_at(target, "id")},
                                {"title", text_at(target, "title")},
                                {"reproduced", reproduced && !outside},
                                {"checks", std::move(checks)}});
  }
  return list;
}

}  // namespace pushlab::results

#include "results/floor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/ratio.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr double fine = 2;
constexpr double resolved = 1.2;

std::string_view verdict(double ratio) {
  return ratio >= fine ? "fine" : ratio >= resolved ? "near floor" : "below resolution";
}

json::value finite(double value) {
  return std::isfinite(value) ? json::value(value) : json::value();
}

// `what` is the sentence's subject and what it is compared with.
void add(json::object& ratios, std::string_view name, std::optional<Ratio> const& ratio,
         std::string_view what) {
  if (!ratio) return;
  ratios[name] = json::object{
      {"value", ratio->value},
      {"lo", ratio->range ? finite(ratio->range->lo) : json::value()},
      {"hi", ratio->range ? finite(ratio->range->hi) : json::value()},
      {"verdict", verdict(ratio->value)},
      {"sentence", fmt::format("{} {}: {}.", number(ratio->value), what, verdict(ratio->value))}};
}

void add_against(json::object& ratios, TargetFigures const& figures, TargetFigures const& floor,
                 std::string_view metric_id) {
  add(ratios, metric_id,
      paired_ratio(figures[metric_id], floor[metric_id],
                   joint_repetitions(figures[metric_id], figures.repetitions, floor[metric_id],
                                     floor.repetitions)),
      fmt::format("times the null server's ({})", metric(metric_id).title));
}

// An answer to a poll may hold many events: there is no floor below it.
bool sends_each(json::object const& target) {
  auto const strategy = text_at(target, "strategy");
  return strategy != "short-poll" && strategy != "reload";
}

// A floor carries as many bytes as the target above it.
std::optional<std::size_t> floor_of(json::object const& target, json::array const& targets) {
  auto const bytes = number_at(target, "options.payload_bytes");
  for (std::size_t i = 0; i < targets.size(); ++i) {
    json::object const& other = targets[i].as_object();
    if (is_floor(other) && number_at(other, "options.payload_bytes") == bytes) return i;
  }
  return std::nullopt;
}

}  // namespace

bool is_floor(json::object const& target) {
  return text_at(target, "base") == "null";
}

bool below_resolution(json::object const& target) {
  if (is_floor(target)) return false;  // it is the instrument
  return std::ranges::any_of(object_at(target, "floor_ratio"), [](auto const& ratio) {
    return text_at(ratio.value().as_object(), "verdict") == "below resolution";
  });
}

void write_floor_ratios(json::array& targets, std::vector<Contender> const& contenders) {
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    json::object& target = targets[i].as_object();
    TargetFigures const& figures = contenders[i].figures;
    json::object ratios;
    if (auto const at = floor_of(target, targets); at && !is_floor(target)) {
      add_against(ratios, figures, contenders[*at].figures, "latency_p50_ms");
      if (sends_each(target))
        add_against(ratios, figures, contenders[*at].figures, "server_cpu_us_per_delivery");
    }
    add(ratios, "generator_lag",
        paired_ratio(figures["latency_p50_ms"], figures["generator_lag_ms_p99"],
                     figures.repetitions),
        "times the load generator's own lag at p99 (Latency, median)");
    target["floor_ratio"] = std::move(ratios);
  }
}

}  // namespace pushlab::results

#include "results/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "results/calibration.hpp"
#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/quantity.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr auto compared = std::to_array<std::string_view>(
    {"latency_p50_ms", "latency_p99_ms", "last_subscriber_ms", "server_cpu_us_per_delivery",
     "setup_cpu_us", "bytes_per_delivery", "wire_bytes_per_delivery", "memory_kib_per_connection",
     "syscalls_per_delivery", "requests_per_delivery", "lost", "duplicates", "out_of_order"});

// One run and its null server.
struct Side {
  explicit Side(json::object const& run) : result(run), quantities(run) {
    if (json::object const* target = null_server(run)) floor = text_at(*target, "id");
  }

  Quantity of(std::string const& target, Metric const& metric, bool ratio) {
    return ratio ? quantities.ratio(target, floor, metric.id) : quantities.of(target, metric.id);
  }

  json::object const& result;
  Quantities quantities;
  std::string floor = {};  // empty: there is none
};

json::value finite(std::optional<double> value) {
  return value && std::isfinite(*value) ? json::value(*value) : json::value();
}

json::object to_json(Quantity const& quantity) {
  return {
      {"value", finite(quantity.value)}, {"lo", finite(quantity.lo)}, {"hi", finite(quantity.hi)}};
}

json::object const* same_target(json::object const& result, std::string_view id) {
  for (json::value const& value : array_at(result, "targets")) {
    if (text_at(value.as_object(), "id") == id) return &value.as_object();
  }
  return nullptr;
}

std::optional<json::object> row(Side& now, Side& then, json::object const& target,
                                Metric const& metric, bool calibrated) {
  std::string const id = text_at(target, "id");
  bool const time = metric.unit == "ms" || metric.unit == "µs";
  bool const ratio = depends_on_machine(metric, text_at(target, "strategy"));
  if (time && !calibrated) return std::nullopt;
  json::object const* before = same_target(then.result, id);
  if (metric.source == Source::sum && before && measured(*before).size() != measured(target).size())
    return std::nullopt;  // sums over more repetitions are larger
  Quantity const a = now.of(id, metric, ratio);
  Quantity const b = then.of(id, metric, ratio);
  if (!a.value || !b.value || !std::isfinite(*a.value) || !std::isfinite(*b.value))
    return std::nullopt;
  if (*a.value == 0 && *b.value == 0) return std::nullopt;  // nothing lost, as before
  json::value overlap;
  bool const comparable = !a.once && !b.once && a.lo && a.hi && b.lo && b.hi;
  if (comparable) overlap = *a.lo <= *b.hi && *b.lo <= *a.hi;
  return json::object{{"target", id},
                      {"title", text_at(target, "title", id)},
                      {"metric", metric.id},
                      {"kind", ratio ? "ratio" : "value"},
                      {"now", to_json(a)},
                      {"then", to_json(b)},
                      {"change", *b.value == 0 ? json::value() : *a.value / *b.value - 1},
                      {"overlap", std::move(overlap)}};
}

std::string calibration_note(Side const& now, Side const& then) {
  if (!now.floor.empty() && !then.floor.empty()) {
    return fmt::format(
        "Times are multiples of the null server's in the same run, so that a faster machine does "
        "not count as a faster server. CPU types differ in more than speed, in caches and in what "
        "a system call costs: a small change from one CPU type to another may be the machine's. "
        "CPU now: {}; then: {}.",
        text_at(now.result, "machine.cpu_model", "unknown"),
        text_at(then.result, "machine.cpu_model", "unknown"));
  }
  return fmt::format(
      "{} null server that was measured validly, so times of different machines cannot be "
      "compared: only bytes and counts are.",
      now.floor.empty() && then.floor.empty() ? "Neither run has a"
      : now.floor.empty()                     ? "This run has no"
                                              : "The baseline has no");
}

json::array notes(Side const& now, Side const& then) {
  json::array list{json::value(calibration_note(now, then))};
  std::string const load_now = load(now.result);
  std::string const load_then = load(then.result);
  if (load_now != load_then)
    list.emplace_back(fmt::format("The loads differ, and figures with them. Now: {}. Then: {}.",
                                  load_now, load_then));
  std::vector<std::string> missing;
  for (json::value const& target : array_at(now.result, "targets")) {
    std::string const id = text_at(target.as_object(), "id");
    if (same_target(then.result, id) == nullptr) missing.push_back(id);
  }
  if (!missing.empty())
    list.emplace_back(fmt::format("Not in the baseline: {}.", results::list(missing)));
  return list;
}

}  // namespace

json::object against_baseline(json::object const& result, json::object const& baseline) {
  Side now(result);
  Side then(baseline);
  bool const calibrated = !now.floor.empty() && !then.floor.empty();
  json::array rows;
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    std::string const id = text_at(target, "id");
    if (id == now.floor || same_target(baseline, id) == nullptr) continue;
    for (std::string_view metric_id : compared) {
      if (auto one = row(now, then, target, metric(metric_id), calibrated))
        rows.push_back(*std::move(one));
    }
  }
  return {{"run", text_at(baseline, "run.id", "unknown")},
          {"calibrated", calibrated},
          {"notes", notes(now, then)},
          {"rows", std::move(rows)}};
}

std::string side_in_words(json::object const& row, std::string_view side, bool with_interval) {
  json::object const& figure = object_at(row, side);
  double const value = number_at(figure, "value").value_or(0);
  std::string text = text_at(row, "kind") == "ratio"
                         ? number(value) + " ×"
                         : quantity(value, metric(text_at(row, "metric")).unit);
  auto const lo = number_at(figure, "lo");
  auto const hi = number_at(figure, "hi");
  if (with_interval && lo && hi && number(*lo) != number(*hi))
    text += fmt::format(" ({} – {})", number(*lo), number(*hi));
  return text;
}

std::string change_in_words(json::object const& row) {
  auto const change = number_at(row, "change");
  if (!change) return "from 0";
  return std::abs(*change) < 0.0005 ? "0.0 %" : fmt::format("{:+.1f} %", *change * 100);
}

std::string baseline_table(json::object const& facts) {
  std::string text = wrapped("Against the baseline " + text_at(facts, "run") + ":", 0);
  for (json::value const& note : array_at(facts, "notes")) text += wrapped(note.as_string(), 0);
  json::array const& rows = array_at(facts, "rows");
  if (rows.empty()) return text + "There is no such figure that both runs measured validly.\n";
  text += fmt::format("\n{:<24}{:<34}{:>14}{:>14}{:>11}\n", "target", "figure", "now", "then",
                      "change");
  for (json::value const& value : rows) {
    json::object const& row = value.as_object();
    std::string line =
        fmt::format("{:<24}{:<34}{:>14}{:>14}{:>11}", text_at(row, "title").substr(0, 23),
                    metric(text_at(row, "metric")).title, side_in_words(row, "now"),
                    side_in_words(row, "then"), change_in_words(row));
    text += line + (truth_at(row, "overlap", true) ? "\n" : "  beyond the intervals\n");
  }
  return text;
}

}  // namespace pushlab::results

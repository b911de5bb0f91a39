#include "results/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>
#include <vector>

#include "results/answer.hpp"
#include "results/ceiling.hpp"
#include "results/floor.hpp"
#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr std::size_t name_width = 24;

struct Column {
  std::string_view metric;  // "" for the column "p99 against the best"
  std::string_view head;
  std::string_view unit;
  std::size_t width;
};

constexpr auto table_columns = std::to_array<Column>({
    {"latency_p50_ms", "p50", "ms", 8},
    {"latency_p99_ms", "p99", "ms", 8},
    {"latency_max_ms", "max", "ms", 8},
    {"", "p99 vs best", "", 12},
    {"lost", "lost", "", 7},
    {"server_cpu_us_per_delivery", "CPU", "us/deliv.", 10},
    {"memory_kib_per_connection", "memory", "KiB/conn", 9},
    {"useless_requests", "useless", "requests", 10},
    {"bytes_per_delivery", "bytes", "/delivery", 10},
});

std::string cell(json::object const& target, Column const& column) {
  json::object const& figure = figure_of(target, column.metric);
  auto const value = number_at(figure, "value");
  if (!value) return truth_at(figure, "undelivered", false) ? "undel." : "-";
  std::string const text =
      metric(column.metric).unit.empty() ? quantity(*value, "") : number(*value);
  return text.size() < column.width ? text : fmt::format("{:.1e}", *value);
}

std::string against_best(json::object const& result, json::object const& target) {
  if (is_floor(target)) return "floor";
  std::string const id = text_at(target, "id");
  for (json::value const& entry : array_at(result, "comparisons")) {
    json::object const& comparison = entry.as_object();
    if (text_at(comparison, "metric") != "latency_p99_ms") continue;
    if (text_at(comparison, "best") == id) return "best";
    if (text_at(comparison, "target") != id) continue;
    auto const ratio = number_at(comparison, "ratio");
    if (truth_at(comparison, "tie", false)) {
      return text_at(comparison, "verdict").starts_with("equal") ? "tie" : "unclear";
    }
    return ratio ? number(*ratio) + "x" : "-";
  }
  return "-";
}

// The fastest first; then those that cannot win, then the floor.
std::vector<json::object const*> ordered(json::object const& result) {
  std::vector<json::object const*> targets;
  for (json::value const& target : array_at(result, "targets"))
    targets.push_back(&target.as_object());
  auto const key = [](json::object const* target) {
    double const p99 = number_at(figure_of(*target, "latency_p99_ms"), "value")
                           .value_or(std::numeric_limits<double>::infinity());
    return std::tuple(is_floor(*target), !exclusion(*target).empty(), p99, text_at(*target, "id"));
  };
  std::ranges::sort(targets, {}, key);
  return targets;
}

std::string name_cell(json::object const& target) {
  std::string name = text_at(target, "title", text_at(target, "id"));
  if (!exclusion(target).empty()) name = "! " + name;
  return name.size() > name_width ? name.substr(0, name_width - 2) + ".." : name;
}

std::string header() {
  std::string names = fmt::format("{:<{}}", "target", name_width);
  std::string units(name_width, ' ');
  for (Column const& column : table_columns) {
    names += fmt::format("{:>{}}", column.head, column.width);
    units += fmt::format("{:>{}}", column.unit, column.width);
  }
  return names + '\n' + units.substr(0, units.find_last_not_of(' ') + 1) + '\n';
}

// Only what is not as it should be.
std::string ceiling_notes(json::object const& result) {
  std::string text;
  for (json::value const& value : array_at(result, "ceilings")) {
    if (value.as_object().contains("error"))
      text += wrapped("! " + ceiling_sentence(value.get_object()), 2);
  }
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& share = object_at(value.as_object(), "ceiling_share");
    if (share.empty() || text_at(share, "verdict") == "ok") continue;
    text +=
        wrapped(fmt::format("! {}: {}",
                            text_at(value.get_object(), "title", text_at(value.get_object(), "id")),
                            text_at(share, "sentence")),
                2);
  }
  return text;
}

std::string notes(json::object const& result) {
  std::string text;
  for (json::value const& entry : array_at(result, "answer.excluded")) {
    text += wrapped("! " + text_at(entry.as_object(), "reason"), 2);
  }
  text += ceiling_notes(result);
  for (json::value const& entry : array_at(result, "skipped")) {
    json::object const& skipped = entry.as_object();
    text += wrapped(fmt::format("skipped {}: {}", text_at(skipped, "title", text_at(skipped, "id")),
                                text_at(skipped, "reason", "no reason given")),
                    2);
  }
  return text;
}

}  // namespace

std::string table(json::object const& result) {
  std::string text =
      wrapped(text_at(result, "answer.sentence", "This result has not been summarised."), 0);
  text += wrapped(text_at(result, "answer.load"), 0);
  text += wrapped(text_at(result, "answer.confidence"), 0) + '\n' + header();
  for (json::object const* target : ordered(result)) {
    text += fmt::format("{:<{}}", name_cell(*target), name_width);
    for (Column const& column : table_columns) {
      text += fmt::format(
          "{:>{}}", column.metric.empty() ? against_best(result, *target) : cell(*target, column),
          column.width);
    }
    text += '\n';
  }
  std::string const below = notes(result);
  return below.empty() ? text : text + '\n' + below;
}

}  // namespace pushlab::results

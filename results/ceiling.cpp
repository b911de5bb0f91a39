#include "results/ceiling.hpp"

#include <fmt/format.h>

#include <optional>

#include "results/format.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr double fine = 0.7;
constexpr double bearable = 0.9;

std::optional<double> payload_of(json::object const& result, json::object const& target) {
  auto const own = number_at(target, "options.payload_bytes");
  return own ? own : number_at(result, "scenario.payload_bytes");
}

json::object const* target_named(json::object const& result, std::string_view id) {
  for (json::value const& target : array_at(result, "targets")) {
    if (text_at(target.as_object(), "id") == id) return &target.as_object();
  }
  return nullptr;
}

// At its mean over the repetitions.
std::optional<double> generator_us(json::object const& target) {
  double sum = 0;
  double count = 0;
  for (json::object const* repetition : measured(target)) {
    auto const us = number_at(*repetition, "generator.cpu_us_per_delivery");
    if (!us || *us <= 0) continue;
    sum += *us;
    ++count;
  }
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

void add_generator(json::object& ceiling, json::object const& result) {
  auto const client_us = number_at(ceiling, "null_client_cpu_us_per_delivery");
  json::object const* floor = target_named(result, text_at(ceiling, "target"));
  auto const us = floor ? generator_us(*floor) : std::nullopt;
  ceiling["generator_cpu_us_per_delivery"] = us ? json::value(*us) : json::value();
  ceiling["generator_ratio"] =
      us && client_us && *client_us > 0 ? json::value(*us / *client_us) : json::value();
}

bool streams_data(json::object const& target) {
  auto const strategy = text_at(target, "strategy");
  return (strategy == "sse" || strategy == "websocket" || strategy == "mqtt") &&
         !truth_at(target, "options.refresh", false);
}

std::optional<double> ceiling_of(json::object const& result, json::object const& target) {
  if (!streams_data(target)) return std::nullopt;
  for (json::value const& value : array_at(result, "ceilings")) {
    json::object const& ceiling = value.as_object();
    if (number_at(ceiling, "payload_bytes") == payload_of(result, target))
      return number_at(ceiling, "deliveries_per_s");
  }
  return std::nullopt;
}

void write_share(json::object& target, json::object const& result) {
  target.erase("ceiling_share");
  auto const ceiling = ceiling_of(result, target);
  auto const per_s = number_at(figure_of(target, "deliveries_per_s"), "value");
  if (!ceiling || *ceiling <= 0 || !per_s) return;
  double const share = *per_s / *ceiling;
  target["ceiling_share"] =
      json::object{{"value", share},
                   {"verdict", ceiling_verdict(share)},
                   {"sentence", fmt::format("{} of the deliveries that this machine carries at "
                                            "most: {}.",
                                            quantity(share, "share"), ceiling_verdict(share))}};
}

}  // namespace

std::string_view ceiling_verdict(double share) {
  return share <= fine ? "ok" : share <= bearable ? "suspect" : "machine-bound";
}

void write_ceiling_shares(json::object& result) {
  if (json::value* ceilings = result.if_contains("ceilings"); ceilings && ceilings->is_array()) {
    for (json::value& ceiling : ceilings->get_array()) {
      if (!ceiling.as_object().contains("error")) add_generator(ceiling.get_object(), result);
    }
  }
  for (json::value& target : result.at("targets").as_array())
    write_share(target.as_object(), result);
}

std::string ceiling_sentence(json::object const& ceiling) {
  auto const at = [&](char const* key) { return number_at(ceiling, key).value_or(0); };
  if (auto const error = text_at(ceiling, "error"); !error.empty())
    return fmt::format("The ceiling was not measured ({}, notifications of {} bytes): {}.",
                       text_at(ceiling, "target"), quantity(at("payload_bytes"), ""), error);
  std::string text = fmt::format(
      "Ceiling: {} clients that only count bytes took {} deliveries a second of {} bytes from the "
      "null server. With one event at a time, they took {} of CPU a delivery and the server {}.",
      quantity(at("clients"), ""), quantity(at("deliveries_per_s"), ""),
      quantity(at("payload_bytes"), ""), quantity(at("null_client_cpu_us_per_delivery"), "µs"),
      quantity(at("null_server_cpu_us_per_delivery"), "µs"));
  if (auto const ratio = number_at(ceiling, "generator_ratio"))
    text += fmt::format(
        " The load generator took {} in its repetitions with the null server, {} times "
        "as much as they.",
        quantity(at("generator_cpu_us_per_delivery"), "µs"), number(*ratio));
  return text;
}

}  // namespace pushlab::results

#include "driver/load_summary.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace pushlab::driver {
namespace json = boost::json;
namespace {

json::value const* find(json::object const& object, std::string_view key) {
  auto const* value = object.if_contains(key);
  return value && !value->is_null() ? value : nullptr;
}

// A number of the object as text, or `absent`.
std::string number(json::object const& object, std::string_view key, int digits,
                   std::string_view absent) {
  auto const* value = find(object, key);
  if (!value || !value->is_number()) return std::string(absent);
  return fmt::format("{:.{}f}", value->to_number<double>(), digits);
}

std::string count(json::object const& load, std::string_view key) {
  return number(load, key, 0, "-");
}

void add_latency(std::string& text, json::object const& load, char const* key, char const* title) {
  auto const* value = find(load, key);
  if (!value) return;
  auto const& latency = value->as_object();
  text += fmt::format("{:<18}", title);
  for (auto const* name : {"p50", "p90", "p99", "p99_9", "max"})
    text += fmt::format(" {} {:>8}", name, number(latency, name, 2, "never"));
  text += "\n";
}

void add_freshness(std::string& text, json::object const& load) {
  if (auto const* share = find(load, "stale_share"))
    text += fmt::format("{:<18} an event was out and not there for {:.2f} % of the time\n",
                        "staleness", share->to_number<double>() * 100);
  auto const* refreshes = find(load, "refreshes");
  if (refreshes && refreshes->to_number<double>() > 0)
    text += fmt::format("{:<18} {} snapshots after an event, {} of them older than it\n",
                        "refreshes", count(load, "refreshes"), count(load, "stale_refreshes"));
}

void add_server(std::string& text, json::object const& load) {
  auto const* value = find(load, "server");
  if (!value) return;
  auto const& server = value->as_object();
  text += fmt::format(
      "{:<18} {} us CPU per delivery, {} us per set-up, {} of a core, {} KiB per connection "
      "(kernel {} KiB)\n",
      "server", number(server, "cpu_us_per_delivery", 2, "-"),
      number(server, "setup_cpu_us", 2, "-"), number(server, "cpu_share", 2, "-"),
      number(server, "memory_kib_per_connection", 2, "-"),
      number(server, "kernel_kib_per_connection", 2, "-"));
}

void add_generator(std::string& text, json::object const& load) {
  auto const* value = find(load, "generator");
  if (!value) return;
  auto const& generator = value->as_object();
  text +=
      fmt::format("{:<18} {} of a core, lag p99 {} ms", "load generator",
                  number(generator, "cpu_share", 2, "-"), number(generator, "lag_ms_p99", 3, "-"));
  if (auto const* reasons = find(generator, "invalid_reasons")) {
    for (auto const& reason : reasons->as_array())
      text += fmt::format("\n{:<18} {}", "INVALID", reason.as_string().c_str());
  }
}

}  // namespace

std::string load_summary(json::object const& load) {
  std::string text;
  text += fmt::format("{:<18} {} of {}, {} disconnected, {} failed to connect\n", "clients",
                      count(load, "connected"), count(load, "clients"), count(load, "disconnects"),
                      count(load, "connect_failures"));
  text += fmt::format("{:<18} {} events, {} of {} delivered, {} lost, {} twice, {} out of order\n",
                      "deliveries", count(load, "events"), count(load, "delivered"),
                      count(load, "expected"), count(load, "lost"), count(load, "duplicates"),
                      count(load, "out_of_order"));
  text += fmt::format("{:<18} {}, {} of them useless; {} connections, {} bytes received\n",
                      "requests", count(load, "requests"), count(load, "useless_requests"),
                      count(load, "connections"), count(load, "bytes_received"));
  add_latency(text, load, "latency_ms", "latency ms");
  add_latency(text, load, "latency_from_send_ms", "  from the send");
  add_freshness(text, load);
  add_server(text, load);
  add_generator(text, load);
  return text;
}

}  // namespace pushlab::driver

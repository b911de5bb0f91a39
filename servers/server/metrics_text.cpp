#include "servers/server/metrics_text.hpp"

#include <fmt/format.h>

namespace pushlab::server {

std::string metrics_text(std::string_view server, std::vector<Counters const*> const& loops,
                         std::uint64_t published) {
  auto sum = [&](auto get) {
    std::uint64_t total = 0;
    for (auto const* counters : loops) total += get(*counters);
    return total;
  };
  std::string text;
  auto metric = [&](std::string_view name, std::string_view type, std::string_view help,
                    std::uint64_t value) {
    text += fmt::format("# HELP pushlab_{0} {1}\n# TYPE pushlab_{0} {2}\npushlab_{0} {3}\n", name,
                        help, type, value);
  };
  text += fmt::format(
      "# HELP pushlab_info The server that answers.\n# TYPE pushlab_info gauge\n"
      "pushlab_info{{server=\"{}\"}} 1\n",
      server);
  metric("connections_open", "gauge", "Client connections open now.",
         sum([](auto& c) { return c.open(); }));
  metric("connections_accepted_total", "counter", "Client connections accepted.",
         sum([](auto& c) { return c.accepted.value(); }));
  metric("requests_total", "counter", "HTTP requests of clients.",
         sum([](auto& c) { return c.requests.value(); }));
  metric("notifications_total", "counter", "Notifications accepted by the ingest.", published);
  metric("deliveries_total", "counter", "Events handed to connections, sent or queued.",
         sum([](auto& c) { return c.deliveries.value(); }));
  metric("delivered_bytes_total", "counter", "Bytes of those.",
         sum([](auto& c) { return c.delivered_bytes.value(); }));
  metric("queued_writes_total", "counter", "Deliveries that met a full socket.",
         sum([](auto& c) { return c.queued_writes.value(); }));
  metric("conflated_events_total", "counter",
         "Events that slow readers did not get, but a newer one of the same resource.",
         sum([](auto& c) { return c.conflated.value(); }));
  metric("heartbeats_total", "counter", "Heartbeats sent.",
         sum([](auto& c) { return c.heartbeats.value(); }));
  metric("replayed_events_total", "counter", "Events sent again to clients that resumed.",
         sum([](auto& c) { return c.replayed.value(); }));
  metric("resets_total", "counter", "Resumes that had to start from a snapshot.",
         sum([](auto& c) { return c.resets.value(); }));
  text +=
      "# HELP pushlab_connections_ended_total Client connections ended, by reason.\n"
      "# TYPE pushlab_connections_ended_total counter\n";
  for (std::size_t i = 0; i < end_reason_names.size(); ++i)
    text += fmt::format("pushlab_connections_ended_total{{reason=\"{}\"}} {}\n",
                        end_reason_names[i], sum([&](auto& c) { return c.ended[i].value(); }));
  return text;
}

}  // namespace pushlab::server

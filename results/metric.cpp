#include "results/metric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace pushlab::results {

namespace {

using enum Better;
using enum Source;

constexpr auto shown_metrics = std::to_array<Metric>({
    {"latency_p50_ms", "Latency, median", "ms", lower, pooled, "latency", 0.5,
     "Half of all deliveries reached their client within this time of the moment the event was "
     "due."},
    {"latency_p90_ms", "Latency, p90", "ms", lower, pooled, "latency", 0.9,
     "Nine of ten deliveries were at least this fast."},
    {"latency_p99_ms", "Latency, p99", "ms", lower, pooled, "latency", 0.99,
     "99 of 100 deliveries were at least this fast; one in a hundred was slower."},
    {"latency_p99_9_ms", "Latency, p99.9", "ms", lower, pooled, "latency", 0.999,
     "One delivery in a thousand was slower than this."},
    {"latency_p99_99_ms", "Latency, p99.99", "ms", lower, pooled, "latency", 0.9999,
     "One delivery in ten thousand was slower than this."},
    {"latency_max_ms", "Latency, maximum", "ms", lower, pooled, "latency", 1.0,
     "The slowest single delivery of all; a longer run finds a slower one."},
    {"latency_mean_ms", "Latency, mean", "ms", lower, pooled_mean, "latency", 0,
     "The mean of all deliveries; for polling, half the interval and the way there and back."},
    {"latency_from_send_p50_ms", "Latency from sending, median", "ms", lower, pooled,
     "latency_from_send", 0.5,
     "As the median latency, but counted from the actual send: what hides when the sender is "
     "late."},
    {"latency_from_send_p99_ms", "Latency from sending, p99", "ms", lower, pooled,
     "latency_from_send", 0.99,
     "As p99, but counted from the actual send instead of the planned moment."},
    {"event_median_ms", "Half of the clients reached", "ms", lower, events, "p50_ms", 0.5,
     "The time until half of the clients had an event, for the typical event."},
    {"last_subscriber_ms", "Last client reached", "ms", lower, events, "last_ms", 0.5,
     "The time until the very last client had an event, for the typical event."},
    {"spread_ms", "First to last client", "ms", lower, events, "last_ms-first_ms", 0.5,
     "How much later than the first client the last one learned of the typical event."},
    {"spread_share", "First to last client, of the median", "share", lower, events,
     "last_ms-first_ms/p50_ms", 0.5,
     "How much later the last client learned of the typical event, in parts of that event's "
     "median."},
    {"stale_share", "Time out of date", "share", lower, mean, "stale_share", 0,
     "The part of the clients' time in which they did not have the newest published event."},
    {"deliveries_per_s", "Deliveries per second", "1/s", none, mean, "deliveries_per_s", 0,
     "What the scenario demanded and the strategy carried; equal for all that kept up."},
    {"server_cpu_us_per_delivery", "Server CPU per delivery", "µs", lower, mean,
     "server.cpu_us_per_delivery", 0,
     "Processor time of the server's processes, divided by the deliveries it made."},
    {"syscalls_per_delivery", "System calls per delivery", "", lower, mean,
     "server.syscalls_per_delivery", 0,
     "System calls of the server's processes, divided by the deliveries it made."},
    {"memory_kib_per_connection", "Server memory per connection", "KiB", lower, mean,
     "server.memory_kib_per_connection", 0,
     "Memory of the server's own processes that each idle connection adds."},
    {"kernel_kib_per_connection", "Kernel memory per connection", "KiB", lower, mean,
     "server.kernel_kib_per_connection", 0,
     "Memory of the operating system that each idle connection adds, both ends on this machine."},
    {"bytes_per_delivery", "Bytes per delivery", "B", lower, ratio,
     "bytes_received+bytes_sent/delivered", 0,
     "All bytes the clients received and sent, requests and headers too, divided by the "
     "deliveries."},
    {"wire_bytes_per_delivery", "Bytes on the wire per delivery", "B", lower, ratio,
     "wire.bytes_received+wire.bytes_sent+52*wire.segments_received+52*wire.segments_sent/"
     "delivered",
     0,
     "TCP payload of both directions and 52 bytes of IP and TCP headers a segment, divided by the "
     "deliveries."},
    {"requests_per_delivery", "Requests per delivery", "", lower, ratio, "requests/delivered", 0,
     "How many requests the clients made for each delivery they got."},
    {"useless_requests", "Useless requests", "", lower, sum, "useless_requests", 0,
     "Requests that were answered with nothing new, over all repetitions."},
    {"useless_request_share", "Share of useless requests", "share", lower, ratio,
     "useless_requests/requests", 0,
     "The part of all requests that was answered with nothing new."},
    {"useless_per_delivery", "Useless requests per delivery", "", lower, ratio,
     "useless_requests/delivered", 0,
     "How many requests were answered with nothing new for each delivery."},
    {"requests_per_client_hour", "Requests per client and hour", "", lower, ratio,
     "3600*requests/clients*measured_s", 0,
     "How many requests one client makes in an hour at this load."},
    {"useless_per_client_hour", "Useless requests per client and hour", "", lower, ratio,
     "3600*useless_requests/clients*measured_s", 0,
     "How many requests of one client are answered with nothing new in an hour at this load."},
    {"connects_per_request", "Connections per request", "", lower, ratio, "connections/requests", 0,
     "How many TCP connections were opened for each request; near 0 when connections are kept."},
    {"stale_refresh_share", "Share of stale refreshes", "share", lower, ratio,
     "stale_refreshes/refreshes", 0,
     "The part of the requests made because of an event whose answer did not show it yet."},
    {"connect_ms_p50", "Connection set-up, median", "ms", lower, connections, "connect", 0.5,
     "The time from connecting until the client is subscribed, for the typical client."},
    {"connect_ms_p99", "Connection set-up, p99", "ms", lower, connections, "connect", 0.99,
     "The time within which 99 of 100 clients were connected and subscribed."},
    {"setup_cpu_us", "Server CPU per set-up", "µs", lower, mean, "server.setup_cpu_us", 0,
     "Processor time of the server's processes that one client costs until it is connected and "
     "subscribed; for streams only, since a poll's set-up cannot be told from its first poll."},
    {"setup_tls_cpu_us", "Server CPU per set-up with TLS", "µs", lower, mean, "tls.setup_cpu_us", 0,
     "Processor time of the server, and of nginx, which ends TLS 1.3 in front of it, for one "
     "stream with a whole handshake (P-256, nothing resumed)."},
    {"setup_resumed_cpu_us", "Server CPU per set-up with TLS resumed", "µs", lower, mean,
     "tls.resumed_cpu_us", 0,
     "The same for a client that comes back and resumes TLS with the ticket it was given."},
    {"recovery_t50_ms", "Recovery, half of the clients", "ms", lower, mean, "recovery.t50_ms", 0,
     "The time from the interruption until half of the clients were connected and up to date."},
    {"recovery_t95_ms", "Recovery, 95 of 100 clients", "ms", lower, mean, "recovery.t95_ms", 0,
     "The time from the interruption until 95 of 100 clients were connected and up to date."},
    {"recovery_t100_ms", "Recovery, all clients", "ms", lower, mean, "recovery.t100_ms", 0,
     "The time from the interruption until the last client was connected and up to date."},
    {"lost", "Lost deliveries", "", lower, sum, "lost", 0,
     "Deliveries that had not arrived when the run ended; each counts as infinitely late."},
    {"duplicates", "Duplicate deliveries", "", lower, sum, "duplicates", 0,
     "Deliveries that reached the same client more than once."},
    {"out_of_order", "Out of order", "", lower, sum, "out_of_order", 0,
     "Deliveries that arrived after a younger event had already reached the same client."},
    {"unentitled", "Not subscribed to", "", lower, sum, "unentitled", 0,
     "Deliveries of events that the client had not subscribed to."},
    {"connect_failures", "Failed connections", "", lower, sum, "connect_failures", 0,
     "Clients that could not connect at all."},
    {"disconnects", "Broken connections", "", lower, sum, "disconnects", 0,
     "Connections that ended while events were still being sent."},
    {"generator_cpu_share", "Load generator's CPU", "share", none, mean, "generator.cpu_share", 0,
     "How busy the load generator itself was; near 1 it would be measuring itself."},
    {"generator_lag_ms_p99", "Load generator's lag, p99", "ms", none, connections, "lag", 0.99,
     "How late behind the plan 99 of 100 events were sent at most; it is part of the latency."},
});

}  // namespace

std::span<Metric const> metrics() {
  return shown_metrics;
}

Metric const& metric(std::string_view id) {
  auto const found = std::ranges::find(shown_metrics, id, &Metric::id);
  if (found == shown_metrics.end()) throw std::out_of_range(fmt::format("no metric \"{}\"", id));
  return *found;
}

std::string_view infinite_text(Metric const& metric) {
  return metric.source == mean ? "not reached" : "undelivered";
}

double events_wanted(double q) {
  return q >= 1 ? 0 : 10 / (1 - q);
}

}  // namespace pushlab::results

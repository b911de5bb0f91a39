#include "servers/server/metrics_text.hpp"

#include <fmt/format.h>

#include <functional>

namespace pushlab::server {
namespace {

class Text {
 public:
  explicit Text(std::vector<Counters const*> const& loops) : loops_(loops) {}

  void head(std::string_view name, std::string_view type, std::string_view help) {
    text_ += fmt::format("# HELP pushlab_{0} {1}\n# TYPE pushlab_{0} {2}\n", name, help, type);
  }
  void line(std::string_view name, auto value) {
    text_ += fmt::format("pushlab_{} {}\n", name, value);
  }
  void metric(std::string_view name, std::string_view type, std::string_view help, auto value) {
    head(name, type, help);
    line(name, value);
  }
  void counter(std::string_view name, std::string_view help, Counter Counters::* member) {
    metric(name, "counter", help, sum([=](Counters const& c) { return (c.*member).value(); }));
  }
  std::uint64_t sum(std::function<std::uint64_t(Counters const&)> const& get) const {
    std::uint64_t total = 0;
    for (auto const* counters : loops_) total += get(*counters);
    return total;
  }
  std::string take() { return std::move(text_); }

 private:
  std::vector<Counters const*> const& loops_;
  std::string text_;
};

void revocation_delay(Text& text, std::string_view source, DelayHistogram Counters::* member) {
  constexpr std::string_view name = "revocation_delay_seconds";
  std::uint64_t below = 0;
  for (std::size_t i = 0; i <= DelayHistogram::bounds_s.size(); ++i) {
    below += text.sum([&](Counters const& c) { return (c.*member).count(i); });
    auto const bound = i < DelayHistogram::bounds_s.size()
                           ? fmt::format("{}", DelayHistogram::bounds_s[i])
                           : std::string{"+Inf"};
    text.line(fmt::format("{}_bucket{{source=\"{}\",le=\"{}\"}}", name, source, bound), below);
  }
  auto const sum_ns = text.sum([&](Counters const& c) { return (c.*member).sum_ns(); });
  text.line(fmt::format("{}_sum{{source=\"{}\"}}", name, source),
            static_cast<double>(sum_ns) / 1e9);
  text.line(fmt::format("{}_count{{source=\"{}\"}}", name, source), below);
}

}  // namespace

std::string metrics_text(ServerFacts const& server, std::vector<Counters const*> const& loops) {
  Text text{loops};
  text.head("info", "gauge", "The server that answers.");
  text.line(fmt::format("info{{server=\"{}\"}}", server.name), 1);
  text.metric("connections_open", "gauge", "Client connections open now.",
              text.sum([](Counters const& c) { return c.open(); }));
  text.counter("connections_accepted_total", "Client connections accepted.", &Counters::accepted);
  text.counter("requests_total", "HTTP requests of clients.", &Counters::requests);
  text.metric("notifications_total", "counter", "Notifications accepted by the ingest.",
              server.published);
  text.counter("deliveries_total", "Events handed to connections, sent or queued.",
               &Counters::deliveries);
  text.counter("delivered_bytes_total", "Bytes of those.", &Counters::delivered_bytes);
  text.counter("queued_writes_total", "Deliveries that met a full socket.",
               &Counters::queued_writes);
  text.counter("conflated_events_total", "Events that a newer one replaced for a slow reader.",
               &Counters::conflated);
  text.counter("heartbeats_total", "Heartbeats sent.", &Counters::heartbeats);
  text.counter("replayed_events_total", "Events sent again to clients that resumed.",
               &Counters::replayed);
  text.counter("resets_total", "Resumes that had to start from a snapshot.", &Counters::resets);
  text.head("connections_ended_total", "counter", "Client connections ended, by reason.");
  for (std::size_t i = 0; i < end_reason_names.size(); ++i)
    text.line(fmt::format("connections_ended_total{{reason=\"{}\"}}", end_reason_names[i]),
              text.sum([=](Counters const& c) { return c.ended[i].value(); }));
  text.head("requests_refused_total", "counter", "Requests not let in, by the status they got.");
  for (std::size_t i = 0; i < RefusalCounters::statuses.size(); ++i)
    text.line(fmt::format("requests_refused_total{{status=\"{}\"}}", RefusalCounters::statuses[i]),
              text.sum([=](Counters const& c) { return c.refused.value(i); }));
  text.metric("authentication_available", "gauge",
              "1 while credentials can be looked up; 0: Redis does not answer.",
              server.can_authenticate ? 1 : 0);
  text.head("revocation_delay_seconds", "histogram",
            "From the end of a session, as far as known, to the end of its connections.");
  revocation_delay(text, "pushed", &Counters::revocation_pushed);
  revocation_delay(text, "rechecked", &Counters::revocation_rechecked);
  return text.take();
}

}  // namespace pushlab::server

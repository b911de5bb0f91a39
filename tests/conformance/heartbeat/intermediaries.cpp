#include "tests/conformance/heartbeat/intermediaries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pushlab::conformance {
namespace {

using Whole = Intermediary::Whole;
constexpr auto never = Intermediary::never;
constexpr auto none = Whole::none;

// The documented defaults of 2026; each package of Debian 12 was also run, and cut when it says so.
constexpr std::array table{
    Intermediary{"nginx", 60, 60, 60, none, "proxy_read_timeout"},
    Intermediary{"haproxy", 50, 50, 50, none, "timeout client and server of Debian's file"},
    Intermediary{"apache", 60, 60, 60, none, "Timeout; 300 s in Debian's file"},
    Intermediary{"varnish", 60, 60, 60, none, "between_bytes_timeout, first_byte_timeout"},
    Intermediary{"caddy", never, never, never},
    Intermediary{"squid", 900, 900, 900, none, "read_timeout"},
    Intermediary{"lighttpd", 360, never, 60, none, "server.max-write-idle, max-read-idle"},
    Intermediary{"h2o", 30, 30, 300, none, "proxy.timeout.io"},
    Intermediary{"nghttpx", 60, 60, 60, none, "backend-read-timeout"},
    Intermediary{"trafficserver", 30, 30, 600, none, "and it asks again for a silent poll"},
    Intermediary{"hitch", never, never, never},
    Intermediary{"traefik", never, never, 60, none, "readTimeout"},
    Intermediary{"envoy", 15, 15, 300, Whole::streams, "the route's timeout; 0 for streams"},
    Intermediary{"heroku", 55, 30, 55, none, "H12, H15"},
    Intermediary{"alb", 60, 60, 60, none, "idle_timeout"},
    Intermediary{"elb", 60, 60, 60, none, "classic"},
    Intermediary{"nlb", 350, 350, 350},
    Intermediary{"cloudfront", 30, 30, 600, none, "origin response timeout"},
    Intermediary{"api-gateway", 29, 29, 600, Whole::streams, "no open-ended stream"},
    Intermediary{"cloudflare", 100, 100, 100, none, "524"},
    Intermediary{"azure-load-balancer", 240, 240, 240, none, "drops in silence"},
    Intermediary{"azure-app-service", 230, 230, 230},
    Intermediary{"azure-app-gateway", 20, 20, 20, none, "switch response buffering off, too"},
    Intermediary{"gcp-alb", 30, 30, 30, Whole::streams_and_websockets, "backend service timeout"},
    Intermediary{"gcore", 30, 30, 30, none, "proxy_read_timeout"},
};

void add(std::string& list, Intermediary const& one, double limit_s) {
  if (!list.empty()) list += ", ";
  list += one.id;
  if (limit_s < never) list += fmt::format(" ({} s)", limit_s);
}

bool is_stream(Strategy strategy) {
  return strategy == Strategy::sse || strategy == Strategy::websocket;
}

}  // namespace

double Intermediary::limit_s(Strategy strategy) const {
  if (strategy == Strategy::websocket) return websocket_s;
  return strategy == Strategy::sse ? stream_s : poll_s;
}

bool Intermediary::ends_whatever_is_sent(Strategy strategy) const {
  if (strategy == Strategy::websocket) return whole == Whole::streams_and_websockets;
  return strategy == Strategy::sse && whole != Whole::none;
}

std::span<Intermediary const> intermediaries() {
  return table;
}

Intermediary const* find_intermediary(std::string_view id) {
  auto const found = std::find_if(table.begin(), table.end(),
                                  [id](Intermediary const& one) { return one.id == id; });
  return found == table.end() ? nullptr : &*found;
}

std::string survived_paths(Strategy strategy, double silence_s) {
  // A poll is over with its answer: it may take all the time there is.
  bool const stream = is_stream(strategy);
  std::string survived, close, cut, always;
  for (auto const& one : table) {
    auto const limit_s = one.limit_s(strategy);
    if (one.ends_whatever_is_sent(strategy))
      add(always, one, limit_s);
    else if (silence_s >= limit_s)
      add(cut, one, limit_s);
    else if (stream && silence_s >= limit_s / 2)
      add(close, one, limit_s);
    else
      add(survived, one, limit_s);
  }
  auto text = "survives " + (survived.empty() ? "none" : survived);
  if (!close.empty()) text += "; close to the limit of " + close;
  if (!cut.empty()) text += "; cut by " + cut;
  if (!always.empty()) text += "; cut after a time, whatever is sent, by " + always;
  return text;
}

}  // namespace pushlab::conformance

#include "results/criterion.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pushlab::results {

std::span<Criterion const> criteria() {
  using enum Scale;
  static std::vector<Criterion> const all{
      {"freshness",
       "Time to fresh, p99",
       "ms",
       4,
       ratio,
       {"latency_p99_ms"},
       10,
       "99 of 100 changes are on the screen within this time. Below 10 ms all are equal: nobody "
       "sees the difference.",
       "99 of 100 changes are on the screen within {}"},
      {"cpu",
       "Server CPU per delivery",
       "µs",
       2,
       ratio,
       {"server_cpu_us_per_delivery"},
       0,
       "Processor time of the server for one change at one client.",
       "a delivery costs the server {} of processor time"},
      {"memory",
       "Server memory per connection",
       "KiB",
       1,
       ratio,
       {"memory_kib_per_connection"},
       0,
       "Memory of the server's processes for one more idle client.",
       "an idle connection costs the server {} of memory"},
      {"bytes",
       "Bytes per delivery",
       "B",
       1,
       ratio,
       {"wire_bytes_per_delivery", "bytes_per_delivery"},
       0,
       "Everything that crosses the network for one change at one client, both ways; wire bytes "
       "where they were measured.",
       "a delivery costs the network {}"},
      {"useless",
       "Requests that bring something",
       "share",
       1,
       share,
       {"useless_request_share"},
       0,
       "The share of requests that were not answered with nothing new.",
       "{} of its requests bring something new"},
      {"loss",
       "Nothing lost",
       "share",
       2,
       share,
       {},
       0,
       "The share of the experiments that every option took part in, in which every delivery "
       "arrived. Rules of the checker are not in it: options have different ones, see the claims.",
       "nothing was lost in {} of the experiments that every option took part in"},
      {"proxies",
       "Passes proxies as they come",
       "share",
       1,
       share,
       {},
       0,
       "The share of the installed proxies that, in their default configuration, let it through: "
       "each event within a second, or the WebSocket upgrade.",
       "{} of the proxies let it through as they come"}};
  return all;
}

std::vector<double> normalised(Weights const& weights) {
  std::vector<double> found;
  for (auto const& criterion : criteria()) {
    auto const given = weights.find(criterion.id);
    found.push_back(given == weights.end() ? criterion.weight : given->second);
  }
  double const sum = std::accumulate(found.begin(), found.end(), 0.0);
  for (auto& weight : found)
    weight = sum > 0 ? weight / sum : 1 / static_cast<double>(found.size());
  return found;
}

double score(Criterion const& criterion, double value, double best) {
  if (std::isnan(value)) return value;
  if (criterion.scale == Scale::share) return value;
  double const mine = std::max(value, criterion.enough);
  double const least = std::max(best, criterion.enough);
  if (mine <= least) return 1;
  if (!std::isfinite(mine) || least <= 0) return 0;
  return std::clamp(1 - std::log(mine / least) / std::log(100.0), 0.0, 1.0);
}

}  // namespace pushlab::results

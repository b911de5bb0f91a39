#include "driver/client_path.hpp"

#include <fmt/format.h>

#include "driver/proxy.hpp"

namespace pushlab::driver {
namespace {

std::string authority(std::string const& base) {
  return base.substr(base.find("://") + 3);
}

}  // namespace

Target relay_target(Scenario::Network const& network, std::uint64_t seed, std::string const& to) {
  Target target;
  target.id = "network";
  target.title = "the network between clients and server";
  Target::Start start;
  start.command = {"pushlab-relay",
                   "--to",
                   to,
                   "--delay-ms",
                   fmt::format("{}", network.delay_ms),
                   "--jitter-ms",
                   fmt::format("{}", network.jitter_ms),
                   "--loss",
                   fmt::format("{}", network.loss),
                   "--rate-bytes-per-s",
                   fmt::format("{}", network.rate_kbit_s * 125),
                   "--seed",
                   fmt::format("{}", seed)};
  target.start = std::move(start);
  return target;
}

ClientPath::ClientPath(Scenario const& scenario, std::string const& server_base)
    : client_base_(server_base) {
  if (!scenario.via.empty()) {
    auto const proxy = read_proxy(scenario.via);
    auto const target = before_origin(proxy, authority(client_base_));
    between_.push_back(std::make_unique<TargetHold>(target, TargetHold::Rights::few));
    auto const& hold = *between_.back();
    client_base_ = expand(proxy.front, {{"client_listen", authority(hold.client_base())},
                                        {"ingest_listen", authority(hold.ingest_base())}});
  }
  if (scenario.network) {
    auto const target = relay_target(*scenario.network, scenario.seed, authority(client_base_));
    between_.push_back(std::make_unique<TargetHold>(target));
    client_base_ = between_.back()->client_base();
  }
}

}  // namespace pushlab::driver

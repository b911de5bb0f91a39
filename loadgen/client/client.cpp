#include "loadgen/client/client.hpp"

#include "loadgen/client/curl_group.hpp"
#include "loadgen/client/long_poll_client.hpp"
#include "loadgen/client/reload_client.hpp"
#include "loadgen/client/short_poll_client.hpp"
#include "loadgen/client/snapshot_fetcher.hpp"
#include "loadgen/client/sse_client.hpp"
#include "loadgen/client/websocket_client.hpp"

namespace pushlab::loadgen {

std::string expanded(std::string_view text, ClientSetting const& setting, std::uint64_t client) {
  std::string out(text);
  auto const replace = [&](std::string_view mark, std::string const& with) {
    for (auto at = out.find(mark); at != std::string::npos; at = out.find(mark, at + with.size())) {
      out.replace(at, mark.size(), with);
    }
  };
  replace("{events}", setting.subscriptions.joined(client));
  replace("{client}", std::to_string(client));
  return out;
}

void saw_reset(ClientSetting const& setting, std::uint32_t client) {
  ++setting.tally.resets;
  if (setting.snapshots != nullptr) setting.snapshots->fetch(client);
}

std::vector<std::unique_ptr<Client>> make_clients(ClientSetting const& setting, std::uint64_t first,
                                                  std::uint64_t count) {
  std::vector<std::unique_ptr<Client>> clients;
  std::shared_ptr<CurlGroup> group;
  clients.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    auto const number = first + i;
    auto const strategy = setting.plan.strategy;
    auto const polls = strategy != Strategy::sse && strategy != Strategy::websocket;
    if (polls && i % CurlGroup::most_clients == 0)
      group = std::make_shared<CurlGroup>(setting.loop);
    switch (strategy) {
      case Strategy::sse:
        clients.push_back(std::make_unique<SseClient>(setting, number));
        break;
      case Strategy::websocket:
        clients.push_back(std::make_unique<WebSocketClient>(setting, number));
        break;
      case Strategy::long_poll:
        clients.push_back(std::make_unique<LongPollClient>(setting, group, number));
        break;
      case Strategy::short_poll:
        clients.push_back(std::make_unique<ShortPollClient>(setting, group, number));
        break;
      case Strategy::reload:
        clients.push_back(std::make_unique<ReloadClient>(setting, group, number));
        break;
    }
  }
  return clients;
}

}  // namespace pushlab::loadgen

#include "loadgen/client/client.hpp"

#include "loadgen/client/curl_group.hpp"
#include "loadgen/client/long_poll_client.hpp"
#include "loadgen/client/mqtt_client.hpp"
#include "loadgen/client/reload_client.hpp"
#include "loadgen/client/short_poll_client.hpp"
#include "loadgen/client/snapshot_fetcher.hpp"
#include "loadgen/client/sse_client.hpp"
#include "loadgen/client/websocket_client.hpp"

namespace pushlab::loadgen {

namespace {

std::string events_of(ClientSetting const& setting, std::uint64_t client) {
  constexpr std::string_view mark = "{name}";
  std::string out;
  for (auto const name : setting.subscriptions.of(client)) {
    auto one = setting.plan.event_form;
    one.replace(one.find(mark), mark.size(), "t" + std::to_string(name));
    out += (out.empty() ? "" : setting.plan.event_separator) + one;
  }
  return out;
}

}  // namespace

std::string expanded(std::string_view text, ClientSetting const& setting, std::uint64_t client) {
  std::string out(text);
  auto const replace = [&](std::string_view mark, std::string const& with) {
    for (auto at = out.find(mark); at != std::string::npos; at = out.find(mark, at + with.size())) {
      out.replace(at, mark.size(), with);
    }
  };
  replace("{events}", events_of(setting, client));
  replace("{client}", std::to_string(client));
  return out;
}

void count_answer(ClientTally& tally, Answer const& answer) {
  ++tally.requests;
  tally.bytes_received += answer.bytes_received;
  tally.bytes_sent += answer.bytes_sent;
  tally.connections += answer.connections;
}

bool ClientSetting::delivered(std::uint32_t client, std::string_view text,
                              std::int64_t now_ns) const {
  bool any = false;
  marker.find_all(text, [&](std::uint32_t event, std::size_t at) {
    any = true;
    recorder.delivered(client, event, now_ns);
    check_body(text, at, event);
  });
  return any;
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
    auto const gets = !is_stream(strategy) || setting.plan.refresh;
    if (gets && i % CurlGroup::most_clients == 0) group = std::make_shared<CurlGroup>(setting.loop);
    switch (strategy) {
      case Strategy::sse:
        clients.push_back(std::make_unique<SseClient>(setting, group, number));
        break;
      case Strategy::websocket:
        clients.push_back(std::make_unique<WebSocketClient>(setting, group, number));
        break;
      case Strategy::mqtt:
        clients.push_back(std::make_unique<MqttClient>(setting, group, number));
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

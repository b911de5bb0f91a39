#include "loadgen/client/client.hpp"

#include <charconv>

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

namespace {

std::unique_ptr<Client> make_client(ClientSetting const& setting, std::uint64_t number) {
  if (setting.plan.strategy == Strategy::websocket) {
    return std::make_unique<WebSocketClient>(setting, number);
  }
  return std::make_unique<SseClient>(setting, number);
}

}  // namespace

std::vector<std::unique_ptr<Client>> make_clients(ClientSetting const& setting, std::uint64_t first,
                                                  std::uint64_t count) {
  std::vector<std::unique_ptr<Client>> clients;
  clients.reserve(count);
  for (auto number = first; number < first + count; ++number) {
    clients.push_back(make_client(setting, number));
  }
  return clients;
}

}  // namespace pushlab::loadgen

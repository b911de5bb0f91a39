#include "loadgen/client/reload_client.hpp"

#include <utility>

namespace pushlab::loadgen {

ReloadClient::ReloadClient(ClientSetting const& setting, std::shared_ptr<CurlGroup> group,
                           std::uint64_t number)
    : PollClient(setting, std::move(group), number), schedule_(setting.plan, number) {
  set_url(url());
  set_headers(setting.plan.client_headers);
}

bool ReloadClient::take(Answer const& answer) {
  auto is_news = false;
  setting_.marker.find_all(answer.body, [&](std::uint32_t event, std::size_t at) {
    if (!setting_.recorder.shown(number_, event, answer.read_ns)) return;
    is_news = true;
    setting_.check_body(answer.body, at, event);
  });
  return is_news;
}

}  // namespace pushlab::loadgen

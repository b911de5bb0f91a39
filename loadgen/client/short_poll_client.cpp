#include "loadgen/client/short_poll_client.hpp"

#include <utility>

namespace pushlab::loadgen {

ShortPollClient::ShortPollClient(ClientSetting const& setting, std::shared_ptr<CurlGroup> group,
                                 std::uint64_t number)
    : PollClient(setting, std::move(group), number), schedule_(setting.plan, number) {
  set_url(url());
  want_response_headers();
}

void ShortPollClient::prepare() {
  if (cursor_changed_) set_url(with_parameter(url(), "since", cursor_));
  cursor_changed_ = false;
  if (cursor_headers_.changed()) {
    set_headers(cursor_headers_.request_headers(setting_.plan.client_headers));
  }
}

bool ShortPollClient::take(Answer const& answer) {
  auto const is_news = setting_.delivered(number_, answer.body, answer.read_ns);
  if (says_reset(answer.body)) saw_reset(setting_, number_);
  auto const next = next_cursor(answer.body);
  if (setting_.plan.cursor == CursorStyle::json && !next.empty() && next != cursor_) {
    cursor_ = next;
    cursor_changed_ = true;
  }
  return is_news;
}

}  // namespace pushlab::loadgen

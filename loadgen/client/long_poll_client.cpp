#include "loadgen/client/long_poll_client.hpp"

#include <fmt/core.h>

#include <utility>

namespace pushlab::loadgen {

LongPollClient::LongPollClient(ClientSetting const& setting, std::shared_ptr<CurlGroup> group,
                               std::uint64_t number)
    : PollClient(setting, std::move(group), number), base_url_(url()) {
  longest_answer_s_ = setting.plan.poll_wait_s + 10;
  set_url(base_url_);
  set_headers(setting.plan.client_headers);
  if (!uses_etag()) return;
  want_response_headers();
  want_request_sent();
}

void LongPollClient::prepare() {
  if (uses_etag()) {
    if (cursor_headers_.changed()) {
      set_headers(cursor_headers_.request_headers(setting_.plan.client_headers));
    }
  } else if (!cursor_.empty()) {
    auto const waiting =
        with_parameter(base_url_, "wait", fmt::format("{:g}", setting_.plan.poll_wait_s));
    set_url(with_parameter(waiting, "since", cursor_));
  }
}

bool LongPollClient::take(Answer const& answer) {
  auto is_news = false;
  setting_.marker.find_all(answer.body, [&](std::uint32_t event) {
    is_news = true;
    setting_.recorder.delivered(number_, event, answer.read_ns);
  });
  if (uses_etag()) return is_news;
  if (says_reset(answer.body)) saw_reset(setting_, number_);
  if (auto const next = next_cursor(answer.body); !next.empty()) cursor_ = next;
  return is_news;
}

void LongPollClient::on_request_sent() {
  stands(now_ns());
}

}  // namespace pushlab::loadgen

#include "loadgen/client/long_poll_client.hpp"

#include <fmt/core.h>

#include <utility>

#include "loadgen/loop/clock.hpp"

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
  waited_ = uses_etag() || !cursor_.empty();
  if (uses_etag()) {
    if (cursor_headers_.changed()) {
      set_headers(cursor_headers_.request_headers(setting_.plan.client_headers));
    }
  } else if (!cursor_.empty()) {
    auto const waiting =
        with_parameter(base_url_, "wait", fmt::format("{:g}", setting_.plan.poll_wait_s));
    set_url(with_parameter(waiting, "since", cursor_));
  } else {
    set_url(base_url_);
  }
}

std::int64_t LongPollClient::next_due(std::int64_t now_ns) const {
  return waited_ ? now_ns + ns_from_s(setting_.plan.poll_gap_s) : now_ns;
}

bool LongPollClient::take(Answer const& answer) {
  auto const is_news = setting_.delivered(number_, answer.body, answer.read_ns);
  if (uses_etag()) return is_news;
  if (says_reset(answer.body)) saw_reset(setting_, number_);
  if (setting_.plan.cursor == CursorStyle::none && waited_) {
    cursor_.clear();
  } else if (auto const next = next_cursor(answer.body); !next.empty()) {
    cursor_ = next;
  }
  return is_news || !waited_;  // a question for a cursor is not useless
}

void LongPollClient::on_request_sent() {
  PollClient::on_request_sent();
  if (!uses_etag()) return;
  stands(now_ns());
}

}  // namespace pushlab::loadgen

// Short polling: a question every poll_interval_s with `since` and If-None-Match; 304 or an empty
// list is useless.
#pragma once

#include "loadgen/client/cursor_headers.hpp"
#include "loadgen/client/poll_client.hpp"

namespace pushlab::loadgen {

class ShortPollClient final : public PollClient {
 public:
  ShortPollClient(ClientSetting const& setting, std::shared_ptr<CurlGroup> group,
                  std::uint64_t number);

 private:
  void prepare() override;
  bool take(Answer const& answer) override;
  std::int64_t next_due(std::int64_t now_ns) const override { return schedule_.next_after(now_ns); }
  void on_header(std::string_view line) override { cursor_headers_.read(line); }

  PollSchedule schedule_;
  std::string cursor_;
  bool cursor_changed_ = false;
  CursorHeaders cursor_headers_;
};

}  // namespace pushlab::loadgen

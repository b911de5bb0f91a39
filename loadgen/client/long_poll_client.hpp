// Long polling: each answer is followed at once by the next request, with the cursor that the
// answer gave; or, with `poll_gap_s`, after a pause.
//
// Cursor style json: the first request has no `wait`, so that its answer comes at once and the
// client stands with a cursor in hand. Style etag: there is no such question; the client stands
// when its first request has left. Style none: the client forgets its cursor with every answer and
// begins anew, so what happens between an answer and the next request is lost to it, as with a
// server that knows no cursors.
#pragma once

#include "loadgen/client/cursor_headers.hpp"
#include "loadgen/client/poll_client.hpp"

namespace pushlab::loadgen {

class LongPollClient final : public PollClient {
 public:
  LongPollClient(ClientSetting const& setting, std::shared_ptr<CurlGroup> group,
                 std::uint64_t number);

 private:
  void prepare() override;
  bool take(Answer const& answer) override;
  std::int64_t next_due(std::int64_t now_ns) const override;
  void on_request_sent() override;
  void on_header(std::string_view line) override { cursor_headers_.read(line); }

  bool uses_etag() const { return setting_.plan.cursor == CursorStyle::etag; }

  std::string base_url_;
  std::string cursor_;
  bool waited_ = false;  // the last request was one that waits
  CursorHeaders cursor_headers_;
};

}  // namespace pushlab::loadgen

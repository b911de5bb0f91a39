// What a page does with events that come without their data: it fetches the snapshot.
//
// One GET at a time. An event that comes while one is under way means one more after it; several
// mean one, too. The delivery counts when a snapshot shows it. A snapshot that is older than the
// event it was asked for is stale, and asked for again after a moment: the event's id says so, and
// the snapshot's cursor.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "loadgen/client/client.hpp"
#include "loadgen/client/curl_group.hpp"

namespace pushlab::loadgen {

// "<epoch>-<seq>".
struct EventCursor {
  std::string_view epoch;
  std::uint64_t seq = 0;
};
EventCursor event_cursor(std::string_view text);

class Refresh final : public Waiter, private Transfer {
 public:
  Refresh(ClientSetting const& setting, std::shared_ptr<CurlGroup> group, std::uint32_t client);

  void saw_event(std::string_view id, std::int64_t now_ns);
  void stop();
  void check_deadline(std::int64_t now_ns);
  WireCount wire() const { return group_wire(); }

  void on_ready(std::uint32_t) override {}
  void on_timer(std::int64_t now_ns, std::uint32_t token) override;

 private:
  void on_answer(Answer const& answer) override;
  void ask_at(std::int64_t due_ns);
  bool shows_all(std::string_view body) const;

  ClientSetting const& setting_;
  std::uint32_t const client_;
  std::string wanted_epoch_;
  std::uint64_t wanted_seq_ = 0;  // of the newest event
  std::uint64_t asked_seq_ = 0;   // the newest when the GET left
  bool has_event_ = false;        // that no GET has followed yet
  bool follows_event_ = false;    // the GET under way; else it repeats a stale one
  bool stopped_ = false;
  std::uint32_t timer_ = 0;  // the token of the timer that counts
  std::uint32_t events_ = 0;
  std::int64_t due_ns_ = 0;           // of the GET for that event, with its jitter
  std::int64_t next_ns_ = INT64_MAX;  // when the timer goes off
  std::int64_t asked_ns_ = 0;
};

}  // namespace pushlab::loadgen

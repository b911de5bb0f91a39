// What clients that ask again and again share: the transfer, its deadline, its counts, what to do
// when it fails.
//
// The first answer makes the client stand; a first request that fails is final. A later failure
// counts as a disconnect and is tried again after a moment.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "loadgen/client/client.hpp"
#include "loadgen/client/curl_group.hpp"

namespace pushlab::loadgen {

class PollClient : public Client, protected Transfer {
 public:
  PollClient(ClientSetting const& setting, std::shared_ptr<CurlGroup> group, std::uint64_t number);

  void start(std::int64_t now_ns) final;
  void stop() final;
  void leave(std::int64_t back_ns) final;
  void check_deadline(std::int64_t now_ns) final;
  WireCount wire() const final { return group_wire(); }
  void on_ready(std::uint32_t) final {}
  void on_timer(std::int64_t now_ns, std::uint32_t token) final;

 protected:
  virtual void prepare() = 0;                   // sets what differs from the request before
  virtual bool take(Answer const& answer) = 0;  // 200 or 304; whether it brought anything new
  virtual std::int64_t next_due(std::int64_t now_ns) const = 0;  // <= now: ask again at once

  void on_request_sent() override;
  void stands(std::int64_t now_ns);
  std::string url() const;  // the plan's, expanded

  ClientSetting const& setting_;
  std::uint32_t const number_;
  double longest_answer_s_ = 10;

 private:
  void on_answer(Answer const& answer) final;
  void failed(std::string_view why);
  void ask(std::int64_t now_ns);
  void ask_at(std::int64_t due_ns);

  bool stood_ = false;
  bool stopped_ = false;
  bool coming_back_ = false;   // the next request begins a new session
  std::uint8_t failures_ = 0;  // in a row
  std::uint32_t timer_ = 0;    // the token of the timer that counts
  std::int64_t asked_ns_ = 0;
};

// Repeats every `interval` on an absolute schedule with a phase of the client's own, drawn from the
// seed. An answer that comes after the next due time skips it: a client never has two requests
// under way.
class PollSchedule {
 public:
  PollSchedule(LoadPlan const& plan, std::uint64_t client);
  std::int64_t next_after(std::int64_t now_ns) const;

 private:
  std::int64_t interval_ns_;
  std::int64_t phase_ns_;
};

// The value of "next" in a poll's body; "" when there is none.
std::string_view next_cursor(std::string_view body);

// Whether the body says that the cursor was stale.
bool says_reset(std::string_view body);

// The URL with one more query parameter.
std::string with_parameter(std::string url, std::string_view name, std::string_view value);

}  // namespace pushlab::loadgen

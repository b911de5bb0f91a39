#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace pushlab::driver {

// What `pushlab tail` was asked for.
struct TailRequest {
  std::string url;
  std::string last_event_id;
  std::vector<std::string> headers;  // "Name: value"
  double for_s = std::numeric_limits<double>::infinity();
  std::uint64_t count = std::numeric_limits<std::uint64_t>::max();
  double poll_interval_s = 1;  // short polling
  double wait_s = 25;          // long polling
  bool once = false;
  bool verbose = false;
};

// The output of one tail, line by line, and when to stop.
class TailSession {
 public:
  explicit TailSession(TailRequest const& request);

  // {"type":..,"data":..,"id":..}
  void event(std::string_view type, std::string_view data, std::string_view id);
  void retry(std::int64_t retry_ms);  // {"retry_ms":..} when verbose
  // {"reconnect":..,"reason":..} when verbose; then waits.
  void reconnect_after(std::chrono::milliseconds delay, std::string_view reason);

  void pause(std::chrono::milliseconds delay);  // ends early when the session is over

  // Enough events, time over, or a signal.
  bool over() const;
  std::chrono::milliseconds left() const;  // at most a minute
  bool counted_all() const { return events_ >= request_.count; }
  TailRequest const& request() const { return request_; }

 private:
  TailRequest const& request_;
  std::chrono::steady_clock::time_point begin_;
  std::uint64_t events_ = 0;
  std::uint64_t reconnects_ = 0;
};

// Each follows the URL until the session is over, or the server said that there is no more. Throw
// TailError when following makes no sense (a status, a content type).
void tail_sse(TailSession& session);
void tail_websocket(TailSession& session);
void tail_long_poll(TailSession& session);
void tail_short_poll(TailSession& session);

}  // namespace pushlab::driver

#include "driver/tail_session.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <thread>

#include "driver/interrupt.hpp"

namespace pushlab::driver {
namespace json = boost::json;
using std::chrono::milliseconds;
namespace {

void print_line(json::object const& object) {
  auto const line = json::serialize(object) + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

TailSession::TailSession(TailRequest const& request)
    : request_(request), begin_(std::chrono::steady_clock::now()) {}

void TailSession::event(std::string_view type, std::string_view data, std::string_view id) {
  if (counted_all()) return;
  ++events_;
  print_line({{"type", type}, {"data", data}, {"id", id}});
}

void TailSession::retry(std::int64_t retry_ms) {
  if (request_.verbose) print_line({{"retry_ms", retry_ms}});
}

void TailSession::reconnect_after(milliseconds delay, std::string_view reason) {
  ++reconnects_;
  if (request_.verbose)
    print_line({{"reconnect", reconnects_}, {"after_ms", delay.count()}, {"reason", reason}});
  pause(delay);
}

void TailSession::pause(milliseconds delay) {
  auto const until = std::chrono::steady_clock::now() + delay;
  while (!over() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(
        std::min({left(), milliseconds(50),
                  std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now())}));
}

bool TailSession::over() const {
  return counted_all() || interrupted() || left() == milliseconds(0);
}

milliseconds TailSession::left() const {
  std::chrono::duration<double> const passed = std::chrono::steady_clock::now() - begin_;
  double const left_s = std::clamp(request_.for_s - passed.count(), 0.0, 60.0);
  return std::chrono::ceil<milliseconds>(std::chrono::duration<double>(left_s));
}

}  // namespace pushlab::driver

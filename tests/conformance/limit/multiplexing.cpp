#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/engine/endpoint.hpp"
#include "tests/conformance/limit/sections.hpp"
#include "tests/conformance/wire/h2_connection.hpp"

namespace pushlab::conformance {
namespace {

// Many streams on one connection. Every second one, once its window is full, takes no more.
class Multiplex {
 public:
  Multiplex(Endpoint& endpoint, H2Connection& connection)
      : endpoint_(endpoint), connection_(connection), channel_(endpoint.channel()) {
    auto const most = static_cast<std::uint32_t>(endpoint.settings().limit.streams);
    auto const count = std::min(connection.max_streams().value_or(most), most);
    for (std::uint32_t i = 0; i < count; ++i) {
      auto const id = ask();
      (i % 2 == 0 ? slow_ : fast_).push_back(id);
      if (i % 2 == 1) connection.credit(id);
    }
  }

  std::int32_t ask() {
    return connection_.request(channel_.url, endpoint_.request(), endpoint_.answer_deadline());
  }
  // Whether the heads of all of them come; `seen` then says how many did.
  bool heads(std::string& seen) {
    auto const all = [this] { return std::pair(slow_.size() + fast_.size(), count_heads()); };
    auto const there = [&] { return all().first == all().second; };
    bool const came = connection_.read(endpoint_.answer_deadline(), there);
    seen = fmt::format("{} of {}", all().second, all().first);
    return came;
  }
  // Publishes more than a window; whether all that have credit get it.
  bool delivered(std::string& seen) {
    auto const marker = endpoint_.marker();
    auto const filler = std::string(2 * endpoint_.settings().limit.window, 'x');
    endpoint_.publish(channel_, filler + marker);
    auto const got = [&] {
      return std::count_if(fast_.begin(), fast_.end(), [&](auto id) {
        return connection_.stream(id).content.find(marker) != std::string::npos;
      });
    };
    auto const all = [&] { return got() == std::ssize(fast_); };
    bool const came = connection_.read(Deadline::in(endpoint_.settings().delivery_s), all);
    seen = fmt::format("{} of {} streams with credit got it while {} had full windows", got(),
                       fast_.size(), full_windows());
    return came;
  }
  void cancel_half() {
    for (auto* ids : {&slow_, &fast_}) {
      for (std::size_t i = ids->size() / 2; i < ids->size(); ++i)
        connection_.cancel((*ids)[i], endpoint_.answer_deadline());
      ids->resize(ids->size() / 2);
    }
  }
  std::size_t ended() const {
    return count([](H2Stream const& one) { return one.end != H2Stream::End::open; });
  }
  std::size_t full_windows() const {
    auto const window = endpoint_.settings().limit.window;
    return static_cast<std::size_t>(std::count_if(slow_.begin(), slow_.end(), [&](auto id) {
      return connection_.stream(id).content.size() == window;
    }));
  }
  bool all_windows_full() const { return full_windows() == slow_.size(); }
  int first_status() const { return connection_.stream(slow_.front()).status; }

 private:
  template <class Is>
  std::size_t count(Is const& is) const {
    std::size_t found = 0;
    for (auto const* ids : {&slow_, &fast_})
      for (auto const id : *ids) found += is(connection_.stream(id)) ? 1 : 0;
    return found;
  }
  std::size_t count_heads() const {
    return count([](H2Stream const& one) { return one.head_at != Instant(); });
  }

  Endpoint& endpoint_;
  H2Connection& connection_;
  Endpoint::Channel channel_;
  std::vector<std::int32_t> slow_, fast_;
};

Finding streams_do_not_hold_each_other_up(Endpoint& endpoint) {
  std::unique_ptr<H2Connection> connection;
  try {
    H2Connection::Options const options{endpoint.settings().limit.window, false};
    connection =
        std::make_unique<H2Connection>(endpoint.url(), endpoint.answer_deadline(), options);
  } catch (WireError const& error) {
    return skip(std::string("no HTTP/2 here: ") + error.what());
  }
  Multiplex streams(endpoint, *connection);
  std::string heads, seen = "nothing was published";
  if (!streams.heads(heads)) return fail("the head of each stream", heads);
  if (streams.first_status() != 200)
    return skip(fmt::format("no stream: status {}", streams.first_status()));
  if (endpoint.has_publisher() && !streams.delivered(seen))
    return fail("an event past streams that take no more", seen);
  // What an endpoint says by itself may fill the windows a little later than it gives the heads.
  connection->read(Deadline::in(endpoint.settings().limit.blocked_s),
                   [&] { return streams.all_windows_full(); });
  auto const full = streams.full_windows();
  streams.cancel_half();
  try {
    connection->await_head(streams.ask(), endpoint.answer_deadline());
  } catch (WireError const& error) {
    return fail("another stream when half of them were cancelled", error.what());
  }
  connection->read(Deadline::in(endpoint.settings().still_open_s),
                   [&] { return streams.ended() > 0; });
  if (streams.ended() > 0 || connection->over())
    return fail("the other half stays open when one is cancelled",
                fmt::format("{} streams ended", streams.ended()));
  if (endpoint.has_publisher() && !streams.delivered(seen))
    return fail("an event for the half that is left", seen);
  return pass(fmt::format("heads: {}; windows that ran full: {}; {}", heads, full, seen));
}

}  // namespace

std::vector<Case> limit_multiplexing_cases() {
  return {
      {{"LIMIT-07", "streams of one HTTP/2 connection do not hold each other up", "9113 5.2",
        Level::url, Severity::major},
       streams_do_not_hold_each_other_up,
       {.limit_s = 60}},
  };
}

}  // namespace pushlab::conformance

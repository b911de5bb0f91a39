#include "tests/conformance/testing/scripted_proxy.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <deque>
#include <optional>

#include "tests/conformance/wire/connection.hpp"

namespace pushlab::conformance::testing {
namespace {

Instant after(Instant when, double seconds) {
  return when + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

// One request and what comes back for it.
class Relay {
 public:
  Relay(Peer& peer, Url const& origin, std::string request, ProxyFaults const& faults)
      : peer_(peer),
        origin_url_(origin),
        request_(std::move(request)),
        faults_(faults),
        origin_(origin, Deadline::in(5)) {
    origin_.send(request_, Deadline::in(5));
  }

  void run(std::function<void(std::string const&)> const& keep, std::atomic<bool> const& stop) {
    bool going = true;
    while (going && !stop && !too_long()) {
      auto const [client, origin] = wait();
      if (client) going = take_from_client();
      if (going && origin) going = take_from_origin(keep);
      give_due();
    }
  }

 private:
  struct Piece {
    std::string bytes;
    Instant due;
  };

  std::pair<bool, bool> wait() {
    std::array<pollfd, 2> waits{pollfd{client_gone_ ? -1 : peer_.descriptor(), POLLIN, 0},
                                pollfd{origin_.descriptor(), POLLIN, 0}};
    ::poll(waits.data(), waits.size(), 5);
    return {waits[0].revents != 0, waits[1].revents != 0};
  }

  bool too_long() {
    auto const silent_s = seconds_between(last_, Clock::now());
    if (faults_.repeat_s > 0 && silent_s > faults_.repeat_s && !again_) {
      again_.emplace(origin_url_, Deadline::in(5));
      again_->send(request_, Deadline::in(5));
    }
    return (faults_.idle_s > 0 && silent_s > faults_.idle_s) || silent_s > 20;
  }

  bool take_from_client() {
    auto const bytes = peer_.receive(0);
    client_gone_ = bytes.empty();
    if (!client_gone_) origin_.send(bytes, Deadline::in(5));
    return !client_gone_ || faults_.lazy || faults_.deaf;
  }

  bool take_from_origin(std::function<void(std::string const&)> const& keep) {
    auto arrival = origin_.receive(Deadline::in(0));
    last_ = Clock::now();
    if (arrival.kind == Arrival::Kind::bytes) {
      if (client_gone_) return faults_.deaf;
      if (faults_.answer) arrival.bytes = faults_.answer(arrival.bytes);
      if (faults_.shared) keep(arrival.bytes);
      if (!faults_.swallow) pieces_.push_back({arrival.bytes, due()});
      return true;
    }
    if (arrival.kind == Arrival::Kind::nothing) return true;
    for (auto const& piece : pieces_) peer_.send(piece.bytes);
    pieces_.clear();
    if (faults_.tidy) peer_.send_last_chunk();
    if (!faults_.tidy && arrival.kind == Arrival::Kind::reset) peer_.reset();
    return false;
  }

  Instant due() {
    if (faults_.late_by_one && !pieces_.empty()) pieces_.front().due = last_;
    if (faults_.withhold || faults_.late_by_one) return Instant::max();
    if (faults_.gather_s == 0) return after(last_, faults_.delay_s);
    if (last_ >= round_end_) round_end_ = after(last_, faults_.gather_s);
    return round_end_;
  }

  // In one send, so that what was gathered arrives at once.
  void give_due() {
    std::string bytes;
    for (; !pieces_.empty() && pieces_.front().due <= Clock::now(); pieces_.pop_front())
      bytes += pieces_.front().bytes;
    if (!bytes.empty()) peer_.send(bytes);
  }

  Peer& peer_;
  Url const& origin_url_;
  std::string request_;
  ProxyFaults const& faults_;
  Connection origin_;
  std::optional<Connection> again_;
  std::deque<Piece> pieces_;
  Instant last_ = Clock::now();
  Instant round_end_;
  bool client_gone_ = false;
};

}  // namespace

ScriptedProxy::ScriptedProxy(int origin_port, Choose choose)
    : origin_port_(origin_port),
      choose_(std::move(choose)),
      server_([this](Peer& peer) { relay(peer); }) {}

void ScriptedProxy::relay(Peer& peer) {
  auto const asked = peer.read_request();
  if (!asked) return;
  auto const faults = choose_(*asked);
  auto const key = asked->target;
  std::optional<std::string> first;
  {
    std::lock_guard const lock(mutex_);
    auto const [place, fresh] = answers_.try_emplace(key);
    if (!fresh && (faults.shared || faults.held)) first = place->second;
  }
  ++open_;
  if (first && faults.shared) peer.send(*first);
  if (first) {
    peer.hold();
  } else if (!faults.refusal.empty()) {
    peer.send_head(faults.refusal, {"Content-Length: 0"});
  } else if (faults.most > 0 && open_ > faults.most) {
    peer.send_head("503 Service Unavailable", {"Content-Length: 0"});
  } else {
    auto const origin = Url::parse(fmt::format("http://127.0.0.1:{}/", origin_port_));
    auto const keep = [&](std::string const& bytes) {
      std::lock_guard const lock(mutex_);
      answers_[key] += bytes;
    };
    try {
      auto const request = faults.request ? faults.request(asked->raw) : asked->raw;
      Relay(peer, origin, request, faults).run(keep, stopping_);
    } catch (WireError const&) {
      // An origin that is not there is a connection that ends.
    }
  }
  --open_;
}

}  // namespace pushlab::conformance::testing

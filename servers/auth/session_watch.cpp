#include "servers/auth/session_watch.hpp"

#include <algorithm>
#include <utility>

namespace pushlab::server {
namespace {

constexpr std::chrono::milliseconds tick_time{100};
constexpr std::size_t max_newcomers = 1024;

std::uint64_t ns_since(SessionWatch::Clock::time_point then) {
  auto const passed = SessionWatch::Clock::now() - then;
  return static_cast<std::uint64_t>(std::chrono::nanoseconds{passed}.count());
}

bool still_is(Identity const& now, Identity const& then) {
  return now.user == then.user &&
         std::includes(now.roles.begin(), now.roles.end(), then.roles.begin(), then.roles.end());
}

}  // namespace

SessionWatch::SessionWatch(boost::asio::io_context& io, std::chrono::milliseconds period, Look look)
    : period_(period), look_(std::move(look)), ticker_(io) {}

SessionWatch::Watched* SessionWatch::find(std::string const& session) {
  auto const found = watched_.find(session);
  return found == watched_.end() || found->second.watchers == 0 ? nullptr : &found->second;
}

void SessionWatch::expect(Identity const& identity) {
  if (newcomers_.size() >= max_newcomers) older_newcomers_ = std::exchange(newcomers_, {});
  newcomers_.insert_or_assign(identity.session, identity);
}

std::optional<Identity> SessionWatch::expected(std::string const& session) const {
  for (auto const* newcomers : {&newcomers_, &older_newcomers_})
    if (auto const found = newcomers->find(session); found != newcomers->end())
      return found->second;
  return std::nullopt;
}

bool SessionWatch::add(std::string const& session) {
  auto& watched = watched_[session];
  if (watched.watchers++ > 0) return false;
  auto const leavers = watched.leavers;
  watched = {};
  watched.watchers = 1;
  watched.leavers = leavers;
  watched.identity = expected(session);
  watched.found_at = Clock::now();
  watched.turn = turn_.insert(turn_.end(), session);
  if (!ticking_) start_ticking();
  return true;
}

// Who leaves after the end was told does not take the place of somebody who came back with it.
bool SessionWatch::remove(std::string const& session) {
  auto const found = watched_.find(session);
  if (found == watched_.end()) return false;
  auto& watched = found->second;
  auto const was_told = watched.leavers > 0;
  --(was_told ? watched.leavers : watched.watchers);
  auto const is_last = !was_told && watched.watchers == 0;
  if (is_last) turn_.erase(watched.turn);
  if (watched.watchers == 0 && watched.leavers == 0) watched_.erase(found);
  return is_last;
}

void SessionWatch::for_each(std::function<void(std::string const&)> const& call) const {
  for (auto const& session : turn_) call(session);
}

// --- looking

// A look that is under way may have been made before what made us look.
void SessionWatch::queue_look(std::string const& session, Watched& watched) {
  if (watched.looking)
    watched.again = true;
  else if (!std::exchange(watched.queued, true))
    queue_.push_back(session);
}

void SessionWatch::look(std::string const& session) {
  if (auto* watched = find(session)) queue_look(session, *watched);
  pump();
}

void SessionWatch::look_at_all() {
  for (auto const& session : turn_) queue_look(session, *find(session));
  pump();
}

void SessionWatch::touched(std::string const& session) {
  auto* watched = find(session);
  if (watched == nullptr) return;
  if (!watched->pushed_at) watched->pushed_at = Clock::now();
  if (!watched->looking && !std::exchange(watched->queued, true)) queue_.push_front(session);
  look(session);
}

void SessionWatch::end(std::string const& session) {
  auto* watched = find(session);
  if (watched == nullptr) return;
  auto const since = watched->pushed_at.value_or(Clock::now());
  tell_over(session, {session, RevocationSource::pushed, ns_since(since)});
}

// A look may be answered before it returns: no recursion, or a list of those would be a deep stack.
void SessionWatch::pump() {
  if (std::exchange(pumping_, true)) return;
  while (looks_ < max_looks && !queue_.empty()) {
    auto const session = std::move(queue_.front());
    queue_.pop_front();
    auto* watched = find(session);
    if (watched == nullptr || !std::exchange(watched->queued, false)) continue;
    watched->looking = true;
    turn_.splice(turn_.end(), turn_, watched->turn);
    ++looks_;
    look_(session, [this, session, asked_at = Clock::now()](AuthVerdict const& verdict) {
      --looks_;
      looked(session, asked_at, verdict);
      pump();
    });
  }
  pumping_ = false;
}

void SessionWatch::looked(std::string const& session, Clock::time_point asked_at,
                          AuthVerdict const& verdict) {
  auto* watched = find(session);
  if (watched == nullptr) return;
  watched->looking = false;
  auto const* refusal = std::get_if<AuthRefusal>(&verdict);
  auto const* identity = std::get_if<Identity>(&verdict);
  if (identity != nullptr && !watched->identity) watched->identity = *identity;
  if (identity != nullptr && still_is(*identity, *watched->identity)) {
    watched->found_at = std::max(watched->found_at, asked_at);
    if (!watched->again) watched->pushed_at.reset();
  } else if (refusal == nullptr || refusal->status != 503) {
    auto const source = watched->pushed_at ? RevocationSource::pushed : RevocationSource::rechecked;
    auto const since = watched->pushed_at.value_or(watched->found_at);
    return tell_over(session, {session, source, ns_since(since)});
  }
  if (std::exchange(watched->again, false)) look(session);
}

void SessionWatch::tell_over(std::string const& session, Revocation revocation) {
  auto& watched = watched_.at(session);
  watched.leavers += std::exchange(watched.watchers, 0);
  turn_.erase(watched.turn);
  over_(revocation);
}

// --- turns

void SessionWatch::start_ticking() {
  ticking_ = true;
  last_tick_ = Clock::now();
  due_ = 0;
  tick();
}

void SessionWatch::tick() {
  ticking_ = !turn_.empty();
  if (!ticking_) return;
  auto const now = Clock::now();
  auto const turns =
      (now - std::exchange(last_tick_, now)) / std::chrono::duration<double>(period_);
  auto const all = static_cast<double>(turn_.size());
  due_ = std::min(due_ + all * turns, all);
  for (auto session = turn_.begin(); due_ >= 1; ++session, --due_)
    if (auto& watched = *find(*session); !watched.looking) queue_look(*session, watched);
  pump();
  ticker_.expires_after(tick_time);
  ticker_.async_wait([this, alive = std::weak_ptr<char>{alive_}](boost::system::error_code ec) {
    if (!ec && !alive.expired()) tick();
  });
}

}  // namespace pushlab::server

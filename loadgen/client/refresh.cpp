#include "loadgen/client/refresh.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "loadgen/loop/clock.hpp"
#include "loadgen/schedule/random.hpp"

namespace pushlab::loadgen {

namespace {

constexpr std::int64_t pause_after_stale_ns = ns_per_s / 20;
constexpr std::int64_t pause_after_failure_ns = ns_per_s / 2;
constexpr std::int64_t longest_answer_ns = 10 * ns_per_s;

std::string_view cursor_in(std::string_view body) {
  constexpr std::string_view member = "\"cursor\":\"";
  auto const at = body.find(member);
  if (at == std::string_view::npos) return {};
  auto const value = body.substr(at + member.size());
  return value.substr(0, value.find('"'));
}

}  // namespace

EventCursor event_cursor(std::string_view text) {
  auto const dash = text.rfind('-');
  if (dash == std::string_view::npos) return {};
  EventCursor cursor{text.substr(0, dash), 0};
  std::from_chars(text.data() + dash + 1, text.data() + text.size(), cursor.seq);
  return cursor;
}

Refresh::Refresh(ClientSetting const& setting, std::shared_ptr<CurlGroup> group,
                 std::uint32_t client)
    : Transfer(std::move(group)), setting_(setting), client_(client) {
  set_url(expanded(setting.plan.snapshot_url, setting, client));
  set_keep_alive(setting.plan.keep_alive);
  set_headers(setting.plan.client_headers);
  if (auto const source = setting.source_of(client); source > 0) set_source(source);
}

void Refresh::saw_event(std::string_view id, std::int64_t now_ns) {
  if (id.empty()) return;  // no notification
  auto const [epoch, seq] = event_cursor(id);
  if (epoch != wanted_epoch_) {
    wanted_epoch_ = epoch;
    wanted_seq_ = 0;
  }
  wanted_seq_ = std::max(wanted_seq_, seq);
  if (has_event_) return;
  has_event_ = true;
  auto const jitter =
      random_unit(setting_.plan.seed, Stream::refresh, std::uint64_t{client_} << 32 | events_++) *
      setting_.plan.refresh_jitter_s;
  due_ns_ = now_ns + ns_from_s(jitter);
  if (!in_flight()) ask_at(std::min(due_ns_, next_ns_));
}

void Refresh::ask_at(std::int64_t due_ns) {
  next_ns_ = due_ns;
  setting_.loop.at(due_ns, *this, ++timer_);
}

void Refresh::on_timer(std::int64_t now_ns, std::uint32_t token) {
  if (token != timer_ || stopped_ || in_flight()) return;
  next_ns_ = INT64_MAX;
  follows_event_ = std::exchange(has_event_, false);
  asked_seq_ = wanted_seq_;
  asked_ns_ = now_ns;
  get();
}

// Cursors of two epochs cannot be compared: the server has started anew, and its snapshot counts.
bool Refresh::shows_all(std::string_view body) const {
  auto const [epoch, seq] = event_cursor(cursor_in(body));
  return epoch != wanted_epoch_ || seq >= asked_seq_;
}

void Refresh::on_answer(Answer const& answer) {
  if (stopped_) return;
  auto& tally = setting_.tally;
  count_answer(tally, answer);
  auto const is_whole = answer.status == 200;
  auto is_news = false;
  if (is_whole) {
    setting_.marker.find_all(answer.body, [&](std::uint32_t event) {
      if (setting_.recorder.shown(client_, event, answer.read_ns)) is_news = true;
    });
  } else {
    ++tally.disconnects;
  }
  auto const is_stale = is_whole && !shows_all(answer.body);
  if (!is_news) ++tally.useless_requests;
  if (follows_event_) {
    ++tally.refreshes;
    if (is_stale) ++tally.stale_refreshes;
  }
  if (!is_whole) {
    ask_at(answer.read_ns + pause_after_failure_ns);
  } else if (has_event_) {
    ask_at(std::max(due_ns_, answer.read_ns));
  } else if (is_stale) {
    ask_at(answer.read_ns + pause_after_stale_ns);
  }
}

void Refresh::check_deadline(std::int64_t now_ns) {
  if (!in_flight() || now_ns - asked_ns_ < longest_answer_ns) return;
  cancel();
  ++setting_.tally.disconnects;
  ask_at(now_ns);
}

void Refresh::stop() {
  stopped_ = true;
  cancel();
}

}  // namespace pushlab::loadgen

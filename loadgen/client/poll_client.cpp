#include "loadgen/client/poll_client.hpp"

#include <fmt/core.h>

#include "loadgen/client/backoff.hpp"
#include "loadgen/loop/clock.hpp"
#include "loadgen/schedule/random.hpp"

#include <utility>

namespace pushlab::loadgen {

namespace {

constexpr std::int64_t pause_after_failure_ms = 500;

}  // namespace

PollClient::PollClient(ClientSetting const& setting, std::shared_ptr<CurlGroup> group,
                       std::uint64_t number)
    : Transfer(std::move(group)), setting_(setting), number_(static_cast<std::uint32_t>(number)) {
  set_keep_alive(setting.plan.keep_alive);
}

std::string PollClient::url() const {
  return expanded(setting_.plan.client_url, setting_, number_);
}

void PollClient::start(std::int64_t now_ns) {
  if (auto const source = setting_.source_of(number_); source > 0) set_source(source);
  if (setting_.audience.has_churn()) want_request_sent();
  ask(now_ns);
}

void PollClient::ask(std::int64_t now_ns) {
  prepare();
  asked_ns_ = now_ns;
  setting_.recorder.recovery().tries(number_);
  get();
}

void PollClient::ask_at(std::int64_t due_ns) {
  setting_.loop.at(due_ns, *this, ++timer_);
}

void PollClient::on_timer(std::int64_t now_ns, std::uint32_t token) {
  if (token == timer_ && !stopped_ && !in_flight()) ask(now_ns);
}

void PollClient::on_answer(Answer const& answer) {
  if (stopped_) return;
  auto& tally = setting_.tally;
  count_answer(tally, answer);
  if (is_exhaustion(answer.system_error)) ++tally.exhausted;
  if (answer.status == 0) return failed(answer.error);
  if (answer.status != 200 && answer.status != 304) {
    return failed(fmt::format("the server answered {}", answer.status));
  }
  failures_ = 0;
  auto const is_news = take(answer);
  setting_.recorder.recovery().stands(number_, asked_ns_, answer.read_ns);
  if (stood_ && !is_news) ++tally.useless_requests;
  stands(answer.read_ns);
  auto const due = next_due(answer.read_ns);
  if (due <= answer.read_ns) {
    ask(answer.read_ns);
  } else {
    ask_at(due);
  }
}

void PollClient::stands(std::int64_t now_ns) {
  if (stood_ || stopped_) return;
  stood_ = true;
  ++setting_.tally.connected;
  setting_.listener.on_connected(number_, now_ns - asked_ns_);
}

void PollClient::failed(std::string_view why) {
  if (!stood_) {
    stopped_ = true;
    ++setting_.tally.connect_failures;
    setting_.listener.on_connect_failed(number_, why);
    return;
  }
  ++setting_.tally.disconnects;
  auto const now = now_ns();
  setting_.recorder.recovery().cut(number_, now);
  ask_at(now + backoff_ns(setting_.plan.seed, number_, failures_, pause_after_failure_ms));
  if (failures_ < UINT8_MAX) ++failures_;
}

void PollClient::check_deadline(std::int64_t now_ns) {
  if (!in_flight()) return;
  auto const longest_s = stood_ ? longest_answer_s_ : setting_.plan.connect_timeout_s;
  if (now_ns - asked_ns_ < ns_from_s(longest_s)) return;
  cancel();
  failed(fmt::format("no answer within {} s", longest_s));
}

void PollClient::leave(std::int64_t back_ns) {
  if (!stood_ || stopped_) return;
  cancel();
  ++setting_.tally.sessions_ended;
  coming_back_ = true;
  want_fresh_connection();
  ask_at(back_ns);
}

void PollClient::on_request_sent() {
  if (std::exchange(coming_back_, false)) setting_.listener.on_came_back(now_ns() - asked_ns_);
}

void PollClient::stop() {
  stopped_ = true;
  cancel();
}

PollSchedule::PollSchedule(LoadPlan const& plan, std::uint64_t client)
    : interval_ns_(ns_from_s(plan.poll_interval_s)),
      phase_ns_(static_cast<std::int64_t>(random_unit(plan.seed, Stream::poll_phase, client) *
                                          static_cast<double>(interval_ns_))) {}

std::int64_t PollSchedule::next_after(std::int64_t now_ns) const {
  return ((now_ns - phase_ns_) / interval_ns_ + 1) * interval_ns_ + phase_ns_;
}

std::string_view next_cursor(std::string_view body) {
  constexpr std::string_view member = "\"next\":\"";
  auto const at = body.find(member);
  if (at == std::string_view::npos) return {};
  auto const value = body.substr(at + member.size());
  return value.substr(0, value.find('"'));
}

bool says_reset(std::string_view body) {
  return body.find("\"reset\":true") != std::string_view::npos;
}

std::string with_parameter(std::string url, std::string_view name, std::string_view value) {
  url += url.find('?') == std::string::npos ? '?' : '&';
  return url.append(name).append("=").append(value);
}

}  // namespace pushlab::loadgen

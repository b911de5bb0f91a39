#include "loadgen/client/stream_client.hpp"

#include <fmt/core.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "loadgen/client/backoff.hpp"
#include "loadgen/loop/clock.hpp"

namespace pushlab::loadgen {

namespace {

constexpr std::int64_t shortest_retry_ms = 20;
constexpr std::int64_t longest_retry_ms = 10'000;

constexpr int slow_buffer = 4096;
constexpr std::int64_t slow_pace_ns = 100'000'000;
constexpr std::uint32_t slow_token = 1U << 16;  // beside the attempts

std::string system_words(int error) {
  return std::system_category().message(error);
}

std::size_t slow_bytes(LoadPlan const& plan) {
  auto const per_read = plan.slow_read_bytes_per_s * static_cast<double>(slow_pace_ns) / 1e9;
  return std::max<std::size_t>(1, static_cast<std::size_t>(per_read));
}

}  // namespace

StreamClient::StreamClient(ClientSetting const& setting, std::shared_ptr<CurlGroup> group,
                           std::uint64_t number)
    : setting_(setting),
      number_(static_cast<std::uint32_t>(number)),
      slow_(setting.audience.is_slow(number)) {
  if (setting.plan.refresh) {
    refresh_ = std::make_unique<Refresh>(setting, std::move(group), number_);
  }
}

void StreamClient::start(std::int64_t now_ns) {
  connect(now_ns);
}

void StreamClient::connect(std::int64_t now_ns) {
  started_ns_ = now_ns;
  setting_.recorder.recovery().tries(number_);
  ++attempt_;
  setting_.loop.at(now_ns + ns_from_s(setting_.plan.connect_timeout_s), *this, attempt_);
  socket_ = start_connect(setting_.endpoint, setting_.source_of(number_), slow_ ? slow_buffer : 0);
  if (!socket_.is_open()) return cannot_connect(errno);
  state_ = State::connecting;
  setting_.loop.watch(socket_.get(), EPOLLOUT, *this);
}

void StreamClient::on_timer(std::int64_t now_ns, std::uint32_t token) {
  if (token == (slow_token | attempt_) && state_ == State::open) return read_slowly(now_ns);
  if (token != attempt_) return;
  if (state_ == State::waiting) return connect(now_ns);
  if (state_ == State::connecting || state_ == State::opening) {
    ended(fmt::format("no answer within {} s", setting_.plan.connect_timeout_s));
  }
}

void StreamClient::on_ready(std::uint32_t) {
  if (state_ == State::connecting) return finish_connect();
  if (state_ == State::opening || state_ == State::open) read();
}

void StreamClient::finish_connect() {
  if (auto const error = connect_error(socket_.get()); error != 0) return cannot_connect(error);
  state_ = State::opening;
  setting_.loop.rewatch(socket_.get(), EPOLLIN, *this);
  ++setting_.tally.requests;
  ++setting_.tally.connections;
  send_bytes(opening());
}

void StreamClient::cannot_connect(int error) {
  if (is_exhaustion(error)) ++setting_.tally.exhausted;
  ended(system_words(error));
}

// What a client says fits any fresh socket buffer; a peer that reads so little is cut.
void StreamClient::send_bytes(std::string_view bytes) {
  if (bytes.empty() || !socket_.is_open()) return;
  auto const sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(bytes.size())) {
    ::shutdown(socket_.get(), SHUT_RDWR);
    return;
  }
  setting_.tally.bytes_sent += bytes.size();
}

void StreamClient::read() {
  auto& scratch = setting_.loop.scratch();
  auto room = scratch.size();
  if (slow_ && state_ == State::open) room = std::min(room, slow_bytes(setting_.plan));
  auto const size = ::recv(socket_.get(), scratch.data(), room, 0);
  auto const now = now_ns();
  setting_.loop.saw_time(now);
  if (size > 0) {
    if (!slow_) setting_.tally.bytes_received += static_cast<std::uint64_t>(size);
    auto const broken = on_bytes({scratch.data(), static_cast<std::size_t>(size)}, now);
    if (!broken.empty()) ended(broken);
    return;
  }
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  ended(size == 0 ? "the server closed the connection" : system_words(errno));
}

void StreamClient::read_slowly(std::int64_t now_ns) {
  setting_.loop.at(now_ns + slow_pace_ns, *this, slow_token | attempt_);
  read();
}

void StreamClient::leave(std::int64_t back_ns) {
  if (!stood_ || state_ == State::stopped) return;
  if (state_ == State::open) ++setting_.tally.sessions_ended;
  socket_.close();
  state_ = State::waiting;
  coming_back_ = true;
  setting_.loop.at(back_ns, *this, ++attempt_);
}

void StreamClient::stands(std::int64_t now_ns) {
  state_ = State::open;
  if (std::exchange(coming_back_, false)) setting_.listener.on_came_back(now_ns - started_ns_);
  if (slow_) {
    setting_.loop.rewatch(socket_.get(), 0, *this);
    setting_.loop.at(now_ns + slow_pace_ns, *this, slow_token | attempt_);
  }
  failures_ = 0;
  setting_.recorder.recovery().stands(number_, started_ns_, now_ns);
  if (stood_) return;
  stood_ = true;
  ++setting_.tally.connected;
  setting_.listener.on_connected(number_, now_ns - started_ns_);
}

void StreamClient::ended(std::string_view why) {
  close();
  if (!stood_) {
    state_ = State::stopped;
    ++setting_.tally.connect_failures;
    setting_.listener.on_connect_failed(number_, why);
    return;
  }
  auto const now = now_ns();
  setting_.recorder.recovery().cut(number_, now);
  auto const wait_ns = backoff_ns(setting_.plan.seed, number_, failures_, retry_ms_);
  if (state_ == State::open) {
    ++(slow_ ? setting_.tally.slow_disconnects : setting_.tally.disconnects);
  } else if (failures_ < UINT8_MAX) {
    ++failures_;
  }
  state_ = State::waiting;
  ++attempt_;
  setting_.loop.at(now + wait_ns, *this, attempt_);
}

void StreamClient::set_retry_delay(std::int64_t delay_ms) {
  retry_ms_ = static_cast<std::uint32_t>(std::clamp(delay_ms, shortest_retry_ms, longest_retry_ms));
}

void StreamClient::saw_event(std::string_view text, std::string_view id, std::int64_t now_ns) {
  if (slow_) {
    setting_.marker.find_all(text, [&](std::uint32_t) { ++setting_.tally.slow_delivered; });
    return;
  }
  if (refresh_) return refresh_->saw_event(id, now_ns);
  setting_.delivered(number_, text, now_ns);
}

void StreamClient::stop() {
  state_ = State::stopped;
  if (refresh_) refresh_->stop();
  close();
}

void StreamClient::close() {
  if (socket_.is_open()) closed_wire_ += wire_count_of(socket_.get());
  socket_.close();
}

void StreamClient::check_deadline(std::int64_t now_ns) {
  if (refresh_) refresh_->check_deadline(now_ns);
}

WireCount StreamClient::wire() const {
  auto sum = closed_wire_;
  if (socket_.is_open()) sum += wire_count_of(socket_.get());
  if (refresh_) sum += refresh_->wire();
  return sum;
}

}  // namespace pushlab::loadgen

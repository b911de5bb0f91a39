#include "loadgen/client/stream_client.hpp"

#include <fmt/core.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "loadgen/client/backoff.hpp"
#include "loadgen/loop/clock.hpp"

namespace pushlab::loadgen {

namespace {

constexpr std::int64_t shortest_retry_ms = 20;
constexpr std::int64_t longest_retry_ms = 10'000;

std::string system_words(int error) {
  return std::system_category().message(error);
}

}  // namespace

StreamClient::StreamClient(ClientSetting const& setting, std::uint64_t number)
    : setting_(setting), number_(static_cast<std::uint32_t>(number)) {}

void StreamClient::start(std::int64_t now_ns) {
  connect(now_ns);
}

void StreamClient::connect(std::int64_t now_ns) {
  started_ns_ = now_ns;
  setting_.recorder.recovery().tries(number_);
  ++attempt_;
  setting_.loop.at(now_ns + ns_from_s(setting_.plan.connect_timeout_s), *this, attempt_);
  socket_ = start_connect(setting_.endpoint, setting_.source_of(number_));
  if (!socket_.is_open()) return ended(system_words(errno));
  state_ = State::connecting;
  setting_.loop.watch(socket_.get(), EPOLLOUT, *this);
}

void StreamClient::on_timer(std::int64_t now_ns, std::uint32_t token) {
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
  if (auto const error = connect_error(socket_.get()); error != 0)
    return ended(system_words(error));
  state_ = State::opening;
  setting_.loop.rewatch(socket_.get(), EPOLLIN, *this);
  ++setting_.tally.requests;
  send_bytes(opening());
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
  auto const size = ::recv(socket_.get(), scratch.data(), scratch.size(), 0);
  auto const now = now_ns();
  setting_.loop.saw_time(now);
  if (size > 0) {
    setting_.tally.bytes_received += static_cast<std::uint64_t>(size);
    auto const broken = on_bytes({scratch.data(), static_cast<std::size_t>(size)}, now);
    if (!broken.empty()) ended(broken);
    return;
  }
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  ended(size == 0 ? "the server closed the connection" : system_words(errno));
}

void StreamClient::stands(std::int64_t now_ns) {
  state_ = State::open;
  failures_ = 0;
  setting_.recorder.recovery().stands(number_, started_ns_, now_ns);
  if (stood_) return;
  stood_ = true;
  ++setting_.tally.connected;
  setting_.listener.on_connected(number_, now_ns - started_ns_);
}

void StreamClient::ended(std::string_view why) {
  socket_.close();
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
    ++setting_.tally.disconnects;
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

void StreamClient::saw_text(std::string_view text, std::int64_t now_ns) {
  setting_.marker.find_all(
      text, [&](std::uint32_t event) { setting_.recorder.delivered(number_, event, now_ns); });
}

void StreamClient::stop() {
  state_ = State::stopped;
  socket_.close();
}

}  // namespace pushlab::loadgen

// What clients that keep one connection open share: connect, first request, read, come back after a
// cut.
//
// A first connect that fails is final; a stream that ends later is a disconnect and is opened again
// after the delay that the server asked for, with backoff.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "loadgen/client/client.hpp"
#include "loadgen/loop/file.hpp"

namespace pushlab::loadgen {

class StreamClient : public Client {
 public:
  StreamClient(ClientSetting const& setting, std::uint64_t number);

  void start(std::int64_t now_ns) final;
  void stop() final;
  void on_ready(std::uint32_t events) final;
  void on_timer(std::int64_t now_ns, std::uint32_t token) final;

 protected:
  virtual std::string
  opening() = 0;  // the request that a fresh connection sends; parsers start over
  virtual std::string on_bytes(std::string_view bytes,
                               std::int64_t now_ns) = 0;  // why it is broken, or ""

  void stands(std::int64_t now_ns);  // the handshake is done
  void send_bytes(std::string_view bytes);
  void set_retry_delay(std::int64_t delay_ms);
  void saw_reset() { pushlab::loadgen::saw_reset(setting_, number_); }
  void saw_text(std::string_view text,
                std::int64_t now_ns);  // counts the markers in it as deliveries

  ClientSetting const& setting_;
  std::uint32_t const number_;

 private:
  enum class State : std::uint8_t { idle, connecting, opening, open, waiting, stopped };

  void connect(std::int64_t now_ns);
  void finish_connect();
  void read();
  void ended(std::string_view why);

  State state_ = State::idle;
  bool stood_ = false;         // at least once
  std::uint8_t failures_ = 0;  // in a row
  std::uint8_t attempt_ = 0;   // tells a deadline of an earlier attempt from this one's
  std::uint32_t retry_ms_ = 1000;
  File socket_;
  std::int64_t started_ns_ = 0;
};

}  // namespace pushlab::loadgen

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
#include "loadgen/client/refresh.hpp"
#include "loadgen/loop/file.hpp"

namespace pushlab::loadgen {

class StreamClient : public Client {
 public:
  // `group` carries the GETs of a plan with `refresh`; else there is none.
  StreamClient(ClientSetting const& setting, std::shared_ptr<CurlGroup> group,
               std::uint64_t number);

  void start(std::int64_t now_ns) final;
  void stop() final;
  void leave(std::int64_t back_ns) final;
  void on_ready(std::uint32_t events) final;
  void on_timer(std::int64_t now_ns, std::uint32_t token) final;
  void check_deadline(std::int64_t now_ns) override;
  WireCount wire() const final;

 protected:
  virtual std::string
  opening() = 0;  // the request that a fresh connection sends; parsers start over
  virtual std::string on_bytes(std::string_view bytes,
                               std::int64_t now_ns) = 0;  // why it is broken, or ""

  void stands(std::int64_t now_ns);  // the handshake is done
  void send_bytes(std::string_view bytes);
  void set_retry_delay(std::int64_t delay_ms);
  void saw_reset() { pushlab::loadgen::saw_reset(setting_, number_); }
  // An event came: counts the markers in it as deliveries, or with `refresh` fetches what it is
  // about.
  void saw_event(std::string_view text, std::string_view id, std::int64_t now_ns);

  ClientSetting const& setting_;
  std::uint32_t const number_;

 private:
  enum class State : std::uint8_t { idle, connecting, opening, open, waiting, stopped };

  void connect(std::int64_t now_ns);
  void finish_connect();
  void cannot_connect(int error);
  void read();
  void read_slowly(std::int64_t now_ns);
  void ended(std::string_view why);
  void close();

  State state_ = State::idle;
  bool stood_ = false;         // at least once
  bool coming_back_ = false;   // the next connect begins a new session
  bool const slow_;            // reads at the pace of the plan, not of the events
  std::uint8_t failures_ = 0;  // in a row
  std::uint16_t attempt_ = 0;  // tells a deadline of an earlier attempt from this one's
  std::uint32_t retry_ms_ = 1000;
  File socket_;
  std::unique_ptr<Refresh> refresh_;
  WireCount closed_wire_;  // of the sockets before this one
  std::int64_t started_ns_ = 0;
};

}  // namespace pushlab::loadgen

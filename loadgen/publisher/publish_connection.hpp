// One keep-alive connection to the ingest: sends a request, reads the answer, tells its owner.
// Speaks HTTP; MqttPublishConnection says what is different for MQTT.
#pragma once

#include <cstdint>
#include <string>

#include "loadgen/client/http_response.hpp"
#include "loadgen/loop/endpoint.hpp"
#include "loadgen/loop/event_loop.hpp"
#include "loadgen/loop/file.hpp"

namespace pushlab::loadgen {

class PublishConnection;

class PublishListener {
 public:
  virtual void on_connected(PublishConnection& connection) = 0;
  virtual void on_answer(PublishConnection& connection, std::uint32_t event, unsigned status) = 0;
  virtual void on_cut(std::uint32_t event) = 0;  // no whole answer will come
  virtual void on_connect_failed(int error) = 0;
  virtual void on_closed() = 0;  // by the ingest, behind an answer

 protected:
  ~PublishListener() = default;
};

class PublishConnection : public Waiter {
 public:
  enum class State : std::uint8_t { closed, connecting, idle, busy };  // connecting: and greeting

  PublishConnection(EventLoop& loop, Endpoint const& endpoint, PublishListener& listener);

  void connect();
  void send(std::uint32_t event, std::string request, std::int64_t now_ns);  // REQUIRES: idle
  void give_up_if_older(std::int64_t since_ns);  // the answer's deadline
  void close();

  State state() const { return state_; }
  void on_ready(std::uint32_t events) final;

 protected:
  virtual void greet() { ready(); }  // the socket stands; ready() ends it
  virtual void forget_answer() { response_ = HttpResponse(); }  // a new request goes out
  virtual void take(std::string_view bytes);
  virtual unsigned status_at_end() const;  // of an answer that the end of the stream ends; 0: none

  void ready();
  void say(std::string_view bytes);  // a few bytes into a fresh socket
  void answered(unsigned status, bool keeps_alive);
  void cut();

 private:
  void write();
  void read();

  EventLoop& loop_;
  Endpoint const& endpoint_;
  PublishListener& listener_;
  File socket_;
  State state_ = State::closed;
  bool wants_write_ = false;
  bool has_answered_ = false;  // since it was connected
  std::uint32_t event_ = 0;
  std::int64_t began_ns_ = 0;
  std::string request_;
  std::size_t written_ = 0;
  HttpResponse response_;
};

}  // namespace pushlab::loadgen

// Publishes every event at its intended time, over as many connections as that needs, and never
// waits for an answer to send the next one while another connection is free.
//
// When all connections up to the bound are busy, events leave late, in order, and the lag shows it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "loadgen/publisher/notification.hpp"
#include "loadgen/publisher/publish_connection.hpp"
#include "loadgen/recorder/event_log.hpp"

namespace pushlab::loadgen {

struct PublishTally {
  std::uint64_t sent = 0;       // events whose request went to the kernel
  std::uint64_t errors = 0;     // refused, answered with anything but 2xx, or cut
  std::uint64_t exhausted = 0;  // connects that failed for want of a descriptor or a port
};

class Publisher final : public Waiter, public PublishListener {
 public:
  static constexpr std::size_t most_connections = 64;

  Publisher(EventLoop& loop, LoadPlan const& plan, NotificationWriter const& writer, EventLog& log);

  void open();  // the first connections, ahead of the first event

  // The open loop: the events [0, count) at the intended times in the log.
  void begin_open_loop(std::uint32_t count);
  // The closed loop: `window` events in flight until `end_ns`; event_complete() sends the next.
  // With LoadPlan::events each waits for `lets_go`, and all_out() is true once that has let the run
  // end.
  void begin_lockstep(std::int64_t end_ns, std::function<bool(std::uint32_t event)> lets_go);
  void event_complete();

  void tick(std::int64_t now_ns);  // deadlines of answers; a few times a second
  void stop();

  bool is_ready() const { return !free_.empty(); }
  PublishTally const& tally() const { return tally_; }
  bool all_out() const { return all_out_; }
  std::uint32_t next() const { return next_; }  // events handed out so far
  // Why the last connect failed, "" when one stands or none was tried.
  std::string const& trouble() const { return trouble_; }

  void on_ready(std::uint32_t) override {}
  void on_timer(std::int64_t now_ns, std::uint32_t token) override;

 private:
  void on_connected(PublishConnection& connection) override;
  void on_answer(PublishConnection& connection, std::uint32_t event, unsigned status) override;
  void on_cut(std::uint32_t event) override;
  void on_connect_failed(int error) override;
  void on_closed() override { refill(); }

  bool is_due(std::int64_t now_ns) const;
  void send_due(std::int64_t now_ns);
  void send_on(PublishConnection& connection);
  void ask_for_next(std::int64_t now_ns);
  void wait_for_next();
  PublishConnection* free_connection();
  bool has(PublishConnection::State state) const;
  void add_connection();
  void refill();

  EventLoop& loop_;
  LoadPlan const& plan_;
  NotificationWriter const& writer_;
  EventLog& log_;
  Endpoint endpoint_;
  std::vector<std::unique_ptr<PublishConnection>> connections_;
  std::vector<PublishConnection*> free_;
  std::size_t wanted_ = 0;  // connections that stand while nothing is sent
  std::uint32_t next_ = 0;
  std::uint32_t count_ = 0;  // open loop: all events; lockstep: events released so far
  std::int64_t armed_for_ns_ = 0;
  std::int64_t lockstep_end_ns_ = 0;
  std::function<bool(std::uint32_t)> lets_go_;
  bool all_out_ = false;
  PublishTally tally_;
  std::string trouble_;
};

}  // namespace pushlab::loadgen

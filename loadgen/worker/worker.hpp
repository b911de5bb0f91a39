// One event loop with its share of the clients; worker 0 also publishes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "loadgen/client/client.hpp"
#include "loadgen/client/snapshot_fetcher.hpp"
#include "loadgen/publisher/publisher.hpp"
#include "loadgen/recorder/system_reading.hpp"
#include "loadgen/worker/board.hpp"
#include "loadgen/worker/churn.hpp"
#include "loadgen/worker/conductor.hpp"
#include "loadgen/worker/worker_report.hpp"

namespace pushlab::loadgen {

class Worker final : private Waiter, private ConnectListener {
 public:
  Worker(LoadScript const& script, EventLog& log, Board& board, unsigned number);

  // Runs until the board says stop. `turn`, when given, is called in the loop and returns when it
  // wants to be called again: the conductor of a run with one worker.
  // `lets_go` is asked before each counted event.
  void run(std::function<std::int64_t(std::int64_t now_ns)> turn,
           std::function<bool(std::uint32_t event)> lets_go = {});

  WorkerReport report() const;

 private:
  void on_ready(std::uint32_t) override {}
  void on_timer(std::int64_t now_ns, std::uint32_t token) override;
  void on_connected(std::uint64_t client, std::int64_t took_ns) override;
  void on_connect_failed(std::uint64_t client, std::string_view why) override;
  void on_came_back(std::int64_t took_ns) override;

  void start_clients();
  void tick(std::int64_t now_ns);
  void begin(std::int64_t start_ns);
  void begin_lockstep();
  void read_begin(std::int64_t now_ns);
  void read_end(std::int64_t now_ns);
  bool reads_wire() const;
  void read_wire();
  void probe(std::int64_t now_ns);
  void write_line();

  LoadScript const& script_;
  Board& board_;
  unsigned const number_;
  std::uint64_t first_;  // of the clients
  std::uint64_t count_;
  EventLoop loop_;
  Marker marker_;
  NotificationWriter writer_;
  DeliveryCheck check_;
  Recorder recorder_;
  BodyCheck bodies_;
  ClientTally tally_;
  ClientSetting setting_;
  std::optional<Publisher> publisher_;
  std::optional<SnapshotFetcher> snapshots_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::optional<Churn> churn_;
  std::function<std::int64_t(std::int64_t)> turn_;
  std::function<bool(std::uint32_t)> lets_go_;

  std::uint64_t connects_started_ = 0;
  std::uint64_t connects_ended_ = 0;
  bool starting_ = false;
  bool begun_ = false;
  std::int64_t swept_ns_ = 0;

  Histogram connect_;
  Histogram comeback_;    // connects of new sessions in the measured phase
  Histogram loop_delay_;  // of a timer of its own in the measured phase
  std::int64_t probe_due_ns_ = 0;
  std::int64_t begin_ns_ = 0;  // readings at the edges of the measured phase
  std::int64_t end_ns_ = 0;
  std::int64_t begin_cpu_ns_ = 0;
  std::int64_t end_cpu_ns_ = 0;
  struct WireReading {  // at one edge
    bool due = false;
    std::size_t next = 0;  // client
    WireCount sum;
  };
  WireReading wire_begin_;
  WireReading wire_end_;
  SystemReading begin_system_;
  SystemReading end_system_;
  ClientTally begin_tally_;
  ClientTally end_tally_;
};

}  // namespace pushlab::loadgen

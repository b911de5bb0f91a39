// A small push server on an ephemeral port for tests: one thread, raw sockets, faults on demand.
//
// GET /events streams SSE, GET /ws upgrades, GET /poll and /snapshot answer JSON, POST publishes
// its body to all.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "loadgen/loop/file.hpp"

namespace pushlab::loadgen {

struct Faults {
  std::size_t drop_nth = 0;     // every n-th stream delivery is lost
  std::size_t repeat_nth = 0;   // every n-th stream delivery comes twice
  std::size_t cut_after = 0;    // after that many events all streams are closed, once
  std::size_t spoil_nth = 0;    // every n-th stream delivery lacks a byte
  bool swap_pairs = false;      // streams get the events 1 0, 3 2, ...
  bool refuse_publish = false;  // 503 to every POST
  bool refuse_clients = false;  // 503 to every GET
  bool close_after_publish = false;
  bool snapshot_lags = false;  // the first snapshot after each event does not show it yet
};

class PushServer {
 public:
  explicit PushServer(Faults faults = {});
  ~PushServer();
  PushServer(PushServer const&) = delete;
  PushServer& operator=(PushServer const&) = delete;

  std::string url(std::string_view path) const;

  std::atomic<int> resumes{0};              // stream requests that named a last event id
  std::atomic<int> odd_requests{0};         // for SSE that EventSource would not send
  std::atomic<std::int64_t> first_back_ns;  // from the cut to the first resume
  std::atomic<int> pongs{0};
  std::atomic<int> least_spare{1000};  // connections for publishing beside one that publishes
  std::atomic<std::uint64_t> bytes_to_clients{0};  // since the first event was published
  std::atomic<std::uint64_t> bytes_from_clients{0};

 private:
  struct Peer {
    File socket;
    std::string input;
    std::string kind;  // "", "sse", "ws", "poll"
    std::size_t since = 0;
    bool is_client = false;
  };

  void run();
  bool serve(Peer& peer);
  int publishers() const;
  void answer_get(Peer& peer, std::string const& head);
  void publish(std::string const& body);
  void deliver(Peer& peer, std::size_t event);
  void answer_poll(Peer& peer);
  std::string snapshot();
  void send_to(Peer& peer, std::string_view bytes);

  Faults faults_;
  File listener_;
  File wake_;
  std::uint16_t port_ = 0;
  std::map<int, Peer> peers_;
  std::vector<std::string> events_;
  std::map<std::string, std::string> state_;
  std::size_t shown_ = 0;  // events, when the last snapshot was made
  std::string last_snapshot_ = R"({"cursor":"e-0","state":[]})";
  std::size_t deliveries_ = 0;
  bool cut_done_ = false;
  std::int64_t cut_ns_ = 0;
  std::thread thread_;
};

}  // namespace pushlab::loadgen

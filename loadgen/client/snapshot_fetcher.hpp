// Fetches the snapshot for clients whom the server has told `reset`, as a page does: what the
// history no longer holds is made up for by the state.
//
// An event counts as delivered when a snapshot shows it or a newer one of its name. A worker has
// one fetcher with few connections: after a restart everybody asks at once.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "loadgen/client/client.hpp"
#include "loadgen/client/curl_group.hpp"

namespace pushlab::loadgen {

class SnapshotFetcher {
 public:
  explicit SnapshotFetcher(ClientSetting const& setting);
  ~SnapshotFetcher();
  SnapshotFetcher(SnapshotFetcher const&) = delete;
  SnapshotFetcher& operator=(SnapshotFetcher const&) = delete;

  void fetch(std::uint32_t client);
  void tick();  // takes up what failed; a few times a second
  void stop();

 private:
  class One;
  void begin();

  ClientSetting const& setting_;
  std::shared_ptr<CurlGroup> group_;
  std::vector<std::unique_ptr<One>> all_;
  std::deque<std::uint32_t> waiting_;  // clients
};

}  // namespace pushlab::loadgen

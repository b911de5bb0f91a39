// A page that is reloaded every poll_interval_s: it fetches the snapshot and nothing else.
//
// An event counts as delivered when a snapshot shows it or a newer one of its name.
#pragma once

#include "loadgen/client/poll_client.hpp"

namespace pushlab::loadgen {

class ReloadClient final : public PollClient {
 public:
  ReloadClient(ClientSetting const& setting, std::shared_ptr<CurlGroup> group,
               std::uint64_t number);

 private:
  void prepare() override {}
  bool take(Answer const& answer) override;
  std::int64_t next_due(std::int64_t now_ns) const override { return schedule_.next_after(now_ns); }

  PollSchedule schedule_;
};

}  // namespace pushlab::loadgen

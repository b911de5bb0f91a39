#include "loadgen/client/snapshot_fetcher.hpp"

namespace pushlab::loadgen {

namespace {

constexpr std::size_t most_at_once = 32;

}  // namespace

class SnapshotFetcher::One final : public Transfer {
 public:
  explicit One(SnapshotFetcher& owner)
      : Transfer(owner.group_), owner_(owner), setting_(owner.setting_) {
    set_headers(setting_.plan.client_headers);
  }

  void fetch(std::uint32_t client) {
    client_ = client;
    set_url(expanded(setting_.plan.snapshot_url, setting_, client));
    get();
  }

 private:
  void on_answer(Answer const& answer) override {
    if (answer.status == 200) {
      setting_.marker.find_all(answer.body, [&](std::uint32_t event) {
        setting_.recorder.shown(client_, event, answer.read_ns);
      });
      setting_.recorder.recovery().fetched_snapshot(client_, answer.read_ns);
      owner_.begin();
    } else {
      owner_.waiting_.push_back(client_);
    }
  }

  SnapshotFetcher& owner_;
  ClientSetting const& setting_;
  std::uint32_t client_ = 0;
};

SnapshotFetcher::SnapshotFetcher(ClientSetting const& setting)
    : setting_(setting), group_(std::make_shared<CurlGroup>(setting.loop)) {}

SnapshotFetcher::~SnapshotFetcher() = default;

void SnapshotFetcher::fetch(std::uint32_t client) {
  waiting_.push_back(client);
  begin();
}

void SnapshotFetcher::tick() {
  begin();
}

void SnapshotFetcher::begin() {
  for (std::size_t i = 0; i < most_at_once && !waiting_.empty(); ++i) {
    if (i == all_.size()) all_.push_back(std::make_unique<One>(*this));
    if (all_[i]->in_flight()) continue;
    auto const client = waiting_.front();
    waiting_.pop_front();
    all_[i]->fetch(client);
  }
}

void SnapshotFetcher::stop() {
  waiting_.clear();
  for (auto const& one : all_) one->cancel();
}

}  // namespace pushlab::loadgen

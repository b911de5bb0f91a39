#pragma once
#include <map>
#include <string>
#include <vector>

#include "servers/hub/hub.hpp"
#include "tests/unit/servers/events.hpp"

namespace pushlab::server {

// Frames are "<seq>"; counts how often events were joined.
class CountingEncoder : public Encoder {
 public:
  std::string frame(EventId id, Notification const&) const override {
    return "<" + std::to_string(id.seq) + ">";
  }
  std::string join(std::uint32_t epoch, std::span<EventPtr const> events) const override {
    ++joins;
    return Encoder::join(epoch, events);
  }
  mutable int joins = 0;
};

class RecordingDelivery : public Delivery {
 public:
  void deliver(std::span<Slot const> slots, Batch const& batch) override {
    ++calls;
    for (auto const slot : slots) {
      order.push_back(slot);
      bytes[slot] += batch.bytes.view;
      ++writes[slot];
      for (auto const& one : batch.events) numbers[slot].push_back(one->seq);
    }
  }
  std::map<Slot, std::string> bytes;
  std::map<Slot, int> writes;
  std::map<Slot, std::vector<std::uint64_t>> numbers;
  std::vector<Slot> order;
  int calls = 0;
};

inline Viewer viewer(std::string_view events_parameter, std::string user = {}) {
  Viewer made;
  add_names(made.subscription, events_parameter);
  made.audience.authenticated = !user.empty();
  made.user = std::move(user);
  return made;
}

// A hub whose options a test may still change before it uses it for the first time.
struct HubTest : ::testing::Test {
  static constexpr std::uint32_t epoch = 0xE1;

  Hub& hub() {
    if (!made_) made_ = std::make_unique<Hub>(epoch, options, encoder, delivery);
    return *made_;
  }
  void publish(std::initializer_list<char const*> names) {
    for (auto const* name : names) hub().publish(event(++seq, name));
  }
  void publish(Notification notification) {
    auto made = std::make_shared<Event>(*event(++seq));
    made->notification = std::move(notification);
    hub().publish(std::move(made));
  }
  void subscribe(Slot slot, std::string_view parameter) { hub().add(slot, viewer(parameter)); }

  HubOptions options{.history = {.events = 100}};
  CountingEncoder encoder;
  RecordingDelivery delivery;
  Viewer const everything{{{}, true}};
  std::uint64_t seq = 0;

 private:
  std::unique_ptr<Hub> made_;
};

}  // namespace pushlab::server

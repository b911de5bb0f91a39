#include "tests/integration/instrument/faulty_front.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <thread>

namespace pushlab::server {

Faults Faults::from_environment() {
  Faults faults;
  auto const* text = std::getenv("PUSHLAB_FAULTS");
  std::istringstream words{text ? text : ""};
  for (std::string word; words >> word;) {
    auto const equals = word.find('=');
    auto const key = word.substr(0, equals);
    auto const value = std::stoull(word.substr(equals + 1));
    if (key == "delay_ms") faults.delay_ms = static_cast<std::uint32_t>(value);
    if (key == "drop") faults.drop = value;
    if (key == "duplicate") faults.duplicate = value;
    if (key == "swap") faults.swap = value;
    if (key == "stall_at") faults.stall_at = value;
    if (key == "stall_ms") faults.stall_ms = static_cast<std::uint32_t>(value);
  }
  return faults;
}

FaultyFront::FaultyFront(boost::asio::io_context& io, Faults faults, TableOptions const& options,
                         Counters& counters, Handler& session)
    : io_(io), faults_(faults), table_(io, options, counters) {
  table_.use(session);
}

FaultyFront::~FaultyFront() {
  fmt::print(stderr, "{{\"dropped\":{},\"duplicated\":{},\"swapped\":{}}}\n", dropped_, duplicated_,
             swapped_);
}

void FaultyFront::deliver(std::span<Slot const> slots, Batch const& batch) {
  for (auto const& event : batch.events) {
    if (event->seq == faults_.stall_at && faults_.stall_ms > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds{faults_.stall_ms});
      faults_.stall_ms = 0;
    }
    if (faults_.delay_ms == 0) {
      deliver_event(slots, event);
      continue;
    }
    auto timer = std::make_shared<boost::asio::steady_timer>(
        io_, std::chrono::milliseconds{faults_.delay_ms});
    std::vector<Slot> copy(slots.begin(), slots.end());
    timer->async_wait([this, timer, event, copy = std::move(copy)](boost::system::error_code ec) {
      if (!ec) deliver_event(copy, event);
    });
  }
}

void FaultyFront::deliver_event(std::span<Slot const> slots, EventPtr const& event) {
  if (faults_.swap > 0 && event->seq % faults_.swap == 0) {
    held_.push_back({{slots.begin(), slots.end()}, event});
    return;
  }
  deliver_faulty(slots, event);
  // The walk over the subscribers may come in two parts: the late event follows to the same slots.
  std::erase_if(held_, [&](Held& late) {
    std::erase_if(late.slots, [&](Slot slot) {
      if (std::find(slots.begin(), slots.end(), slot) == slots.end()) return false;
      deliver_faulty({&slot, 1}, late.event);
      ++swapped_;
      return true;
    });
    return late.slots.empty();
  });
}

void FaultyFront::deliver_faulty(std::span<Slot const> slots, EventPtr const& event) {
  if (faults_.drop == 0 && faults_.duplicate == 0) return pass(slots, event);
  for (auto const& slot : slots) {
    ++pairs_;
    if (faults_.drop > 0 && pairs_ % faults_.drop == 0) {
      ++dropped_;
      continue;
    }
    pass({&slot, 1}, event);
    if (faults_.duplicate > 0 && pairs_ % faults_.duplicate == 0) {
      ++duplicated_;
      pass({&slot, 1}, event);
    }
  }
}

void FaultyFront::pass(std::span<Slot const> slots, EventPtr const& event) {
  table_.deliver(slots, {{&event, 1}, frame_of(event)});
}

}  // namespace pushlab::server

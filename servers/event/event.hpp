#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "servers/event/bytes.hpp"
#include "servers/event/notification.hpp"
#include "servers/event/wire_form.hpp"

namespace pushlab::server {

class Encoder;

// The coded forms of one frame, each made by whoever asks first; any thread may.
class CodedFrames {
 public:
  CodedFrames() = default;
  ~CodedFrames();
  CodedFrames(CodedFrames const&) {}  // nothing of a copy is made yet
  CodedFrames& operator=(CodedFrames const&) = delete;

  // REQUIRES: not plain.
  std::string const& in(WireForm form, Encoder const& encoder, std::string const& frame) const;

 private:
  mutable std::array<std::atomic<std::string const*>, wire_forms - 1> made_{};
};

// A notification that was accepted and encoded. Immutable, and shared by every loop, the histories
// and all the outboxes that still have to write it.
struct Event {
  std::uint64_t seq = 0;
  Notification notification;
  std::string frame;  // encoded once in the wire format of the strategy that this server runs
  Encoder const* encoder = nullptr;  // makes the other forms; outlives the event
  CodedFrames coded = {};

  // REQUIRES: an encoder, or the plain form.
  std::string_view in(WireForm form) const {
    return form == WireForm::plain ? frame : coded.in(form, *encoder, frame);
  }

  // Without the coded forms, which come later or never.
  std::size_t bytes() const { return sizeof(Event) + notification.bytes() + frame.size(); }
};

using EventPtr = std::shared_ptr<Event const>;

// The event's own frame, without a copy.
inline Bytes frame_of(EventPtr const& event, WireForm form = WireForm::plain) {
  return {event, event->in(form)};
}

}  // namespace pushlab::server

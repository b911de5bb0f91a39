#include "servers/event/event.hpp"

#include "servers/event/encoder.hpp"

namespace pushlab::server {

CodedFrames::~CodedFrames() {
  for (auto const& made : made_) delete made.load(std::memory_order_relaxed);
}

// Two loops may make the same at the same time: the first one's stays.
std::string const& CodedFrames::in(WireForm form, Encoder const& encoder,
                                   std::string const& frame) const {
  auto& place = made_[static_cast<std::size_t>(form) - 1];
  if (auto const* made = place.load(std::memory_order_acquire)) return *made;
  auto mine = std::make_unique<std::string const>(encoder.in_form(form, frame));
  std::string const* others = nullptr;
  if (!place.compare_exchange_strong(others, mine.get(), std::memory_order_acq_rel)) return *others;
  return *mine.release();
}

}  // namespace pushlab::server

#include "servers/hub/hub.hpp"

#include <algorithm>

namespace pushlab::server {

Hub::Hub(std::uint32_t epoch, HubOptions const& options, Encoder const& encoder, Delivery& delivery,
         Snapshot::Clock clock)
    : epoch_(epoch),
      encoder_(encoder),
      visibility_(options),
      history_(options),
      snapshot_(options, {}, std::move(clock)),
      fan_outs_{FanOut{WireForm::plain, epoch, options, encoder, delivery},
                FanOut{WireForm::gzip, epoch, options, encoder, delivery},
                FanOut{WireForm::zstd, epoch, options, encoder, delivery}} {}

// It is known by one of them, or by none.
void Hub::remove(Slot slot) {
  for (auto& fan_out : fan_outs_) fan_out.remove(slot);
}

bool Hub::publish(EventPtr event) {
  pending_.push_back(std::move(event));
  return pending_.size() == 1;
}

void Hub::run_turn() {
  std::vector<EventPtr> turn;
  turn.swap(pending_);
  for (std::span<EventPtr const> rest = turn; !rest.empty();) {
    auto const part = rest.first(std::min(rest.size(), events_per_write));
    rest = rest.subspan(part.size());
    for (auto const& event : part) {
      history_.append(event);
      snapshot_.apply(event);
    }
    for (std::size_t i = 0; i < wire_forms; ++i)
      fan_outs_[(first_form_ + i) % wire_forms].deliver(part);
    first_form_ = (first_form_ + 1) % wire_forms;  // or the same form would be the last one always
  }
  turn.clear();
  if (pending_.empty()) pending_.swap(turn);  // keeps the capacity
}

Resume Hub::resume(std::optional<std::string> const& cursor, Viewer const& viewer) const {
  if (!cursor) return {false, now(), {}};
  auto const id = parse_event_id(*cursor);
  if (!id || id->epoch != epoch_) return {true, now(), {}};
  auto missed = history_.missed(id->seq, viewer);
  if (!missed) return {true, now(), {}};
  return {false, *id, std::move(*missed)};
}

bool Hub::ahead(std::string_view cursor) const {
  auto const id = parse_event_id(cursor);
  return id && id->epoch == epoch_ && id->seq > history_.last_seq();
}

}  // namespace pushlab::server

#include "servers/net/outbox.hpp"

namespace pushlab::server {

bool Outbox::push(Bytes bytes) {
  if (conflating_ || bytes_ + bytes.view.size() > limit_bytes_ + unbounded_bytes_) return false;
  append(std::move(bytes));
  return true;
}

void Outbox::push_unbounded(Bytes bytes) {
  unbounded_bytes_ += bytes.view.size();
  append(std::move(bytes));
}

void Outbox::append(Bytes bytes) {
  if (bytes.view.empty()) return;
  bytes_ += bytes.view.size();
  frames_.push_back(std::move(bytes));
}

bool Outbox::conflate(EventPtr const& event) {
  if (!conflating_) conflating_ = std::make_unique<ConflatingQueue>(limit_bytes_);
  return conflating_->push(event);
}

std::span<iovec> Outbox::gather(std::span<iovec> into) const {
  std::size_t n = 0;
  for (auto frame = frames_.begin(); frame != frames_.end() && n < into.size(); ++frame)
    into[n++] = {const_cast<char*>(frame->view.data()), frame->view.size()};
  return into.first(n);
}

void Outbox::consume(std::size_t written) {
  bytes_ -= written;
  while (written > 0) {
    auto& view = frames_.front().view;
    if (written < view.size()) {
      view.remove_prefix(written);
      return;
    }
    written -= view.size();
    frames_.pop_front();
  }
}

}  // namespace pushlab::server

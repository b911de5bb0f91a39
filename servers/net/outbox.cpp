#include "servers/net/outbox.hpp"

namespace pushlab::server {

bool Outbox::push(Bytes bytes) {
  if (bytes_ + bytes.view.size() > limit_bytes_) return false;
  bytes_ += bytes.view.size();
  frames_.push_back(std::move(bytes));
  return true;
}

void Outbox::push_unbounded(Bytes bytes) {
  limit_bytes_ += bytes.view.size();
  push(std::move(bytes));
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

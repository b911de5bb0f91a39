#include "servers/auth/ticket_box.hpp"

#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace pushlab::server {

std::string new_ticket() {
  std::array<unsigned char, 16> random{};
  if (::RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    throw std::runtime_error("the system has no random numbers for tickets");
  std::string text;
  for (auto const byte : random) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

std::optional<std::string> TicketBox::put(Credential credential, std::chrono::seconds lifetime) {
  std::lock_guard const lock{mutex_};
  drop_expired();
  if (entries_.size() >= capacity_) return std::nullopt;
  auto ticket = new_ticket();
  auto const place = by_age_.insert(by_age_.end(), ticket);
  entries_.emplace(ticket, Entry{std::move(credential), now_() + lifetime, place});
  return ticket;
}

std::optional<Credential> TicketBox::take(std::string const& ticket) {
  std::lock_guard const lock{mutex_};
  drop_expired();
  auto found = entries_.extract(ticket);
  if (found.empty()) return std::nullopt;
  by_age_.erase(found.mapped().place);
  return std::move(found.mapped().credential);
}

void TicketBox::drop_expired() {
  auto const now = now_();
  while (!by_age_.empty()) {
    auto const oldest = entries_.find(by_age_.front());
    if (oldest->second.expires > now) return;
    entries_.erase(oldest);
    by_age_.pop_front();
  }
}

}  // namespace pushlab::server

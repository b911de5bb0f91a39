#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "servers/auth/credential.hpp"

namespace pushlab::server {

// 128 random bits in hex: nobody guesses one while it lives.
std::string new_ticket();

// The tickets of one process, each good once and for a while. Any thread: a ticket is bought on one
// loop and shown to another.
class TicketBox {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t max_tickets = 50'000;

  TicketBox() : TicketBox(Clock::now) {}
  explicit TicketBox(std::function<Clock::time_point()> now, std::size_t capacity = max_tickets)
      : now_(std::move(now)), capacity_(capacity) {}

  // A ticket that stands for `credential`; nothing when the box is full. The lifetime is always the
  // same, so the oldest expires first.
  std::optional<std::string> put(Credential credential, std::chrono::seconds lifetime);

  // What it stands for; nothing when it was taken before, has expired or never was.
  std::optional<Credential> take(std::string const& ticket);

 private:
  struct Entry {
    Credential credential;
    Clock::time_point expires;
    std::list<std::string>::iterator place;
  };
  void drop_expired();

  std::function<Clock::time_point()> now_;
  std::size_t capacity_;
  std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
  std::list<std::string> by_age_;
};

}  // namespace pushlab::server

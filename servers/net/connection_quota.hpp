#pragma once
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace pushlab::server {

// How many connections belong to one key, an address or a user, on all loops together; any thread
// may ask. Without a limit (0) everybody is let in and nothing is kept.
class ConnectionQuota {
 public:
  explicit ConnectionQuota(std::uint32_t limit) : limit_(limit) {}

  bool take(std::string const& key);     // false: that key has all it may have
  void release(std::string const& key);  // REQUIRES: taken

  bool is_limited() const { return limit_ > 0; }
  std::size_t keys() const;  // that have a connection

 private:
  std::uint32_t limit_;
  std::mutex mutable mutex_;
  std::unordered_map<std::string, std::uint32_t> taken_;
};

// One connection's share of a quota, given back with this object; an empty one has none.
class QuotaLease {
 public:
  QuotaLease() = default;
  QuotaLease(ConnectionQuota& quota, std::string key) : quota_(&quota), key_(std::move(key)) {}
  ~QuotaLease() {
    if (quota_) quota_->release(key_);
  }
  QuotaLease(QuotaLease&& other) noexcept
      : quota_(std::exchange(other.quota_, nullptr)), key_(std::move(other.key_)) {}
  QuotaLease& operator=(QuotaLease&& other) noexcept {
    std::swap(quota_, other.quota_);
    std::swap(key_, other.key_);
    return *this;
  }

  explicit operator bool() const { return quota_ != nullptr; }

 private:
  ConnectionQuota* quota_ = nullptr;
  std::string key_;
};

}  // namespace pushlab::server

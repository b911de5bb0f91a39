#include "servers/hub/shelf.hpp"

#include <algorithm>

namespace pushlab::server {

Shelf& Shelves::put(std::string_view key, std::uint64_t seq) {
  auto const known = by_key_.find(key);
  if (known == by_key_.end()) {
    auto const made = shelves_.insert(shelves_.end(), {std::string{key}, this, floor_});
    by_key_.emplace(made->key, made);
  } else {
    shelves_.splice(shelves_.end(), shelves_, known->second);
    if (emptied_.erase(known->second->last_seq) > 0) emptied_bytes_ -= key.size();
  }
  shelves_.back().last_seq = seq;
  return shelves_.back();
}

void Shelves::emptied(Shelf& shelf) {
  emptied_.emplace(shelf.last_seq, &shelf);
  emptied_bytes_ += shelf.key.size();
}

void Shelves::forget_some() {
  // A user's id may be long, a name not.
  while (emptied_.size() > max_emptied_ || emptied_bytes_ > max_emptied_ * max_name_bytes) {
    auto const [last_seq, shelf] = *emptied_.begin();
    floor_ = std::max(floor_, last_seq);
    emptied_bytes_ -= shelf->key.size();
    emptied_.erase(emptied_.begin());
    auto const known = by_key_.find(shelf->key);
    auto const at = known->second;
    by_key_.erase(known);
    shelves_.erase(at);
  }
}

Shelf const* Shelves::find(std::string_view key) const {
  auto const known = by_key_.find(key);
  return known == by_key_.end() ? nullptr : &*known->second;
}

std::uint64_t Shelves::floor_to_come() const {
  return emptied_.empty() ? floor_ : std::max(floor_, emptied_.rbegin()->first);
}

}  // namespace pushlab::server

#include "servers/auth/session_value.hpp"

#include <boost/json.hpp>
#include <cmath>

namespace pushlab::server {
namespace json = boost::json;
namespace {

// A number as clients write it: 7, never 7E0.
std::string text_of(json::value const& value) {
  if (auto const* text = value.if_string()) return {text->data(), text->size()};
  if (value.is_int64() || value.is_uint64()) return json::serialize(value);
  constexpr double exact = 9007199254740992;
  auto const* number = value.if_double();
  if (number == nullptr || std::abs(*number) > exact || std::trunc(*number) != *number) return {};
  return std::to_string(static_cast<std::int64_t>(*number));
}

std::string text_at(json::value const& root, std::string const& pointer) {
  json::error_code ec;
  auto const* found = root.find_pointer(pointer, ec);
  return found == nullptr ? std::string{} : text_of(*found);
}

std::vector<std::string> roles_at(json::value const& root, std::string const& pointer) {
  json::error_code ec;
  auto const* found = root.find_pointer(pointer, ec);
  std::vector<std::string> roles;
  if (found == nullptr) return roles;
  if (auto const* list = found->if_array()) {
    for (auto const& role : *list)
      if (auto const* text = role.if_string()) roles.emplace_back(text->data(), text->size());
  } else if (auto const* text = found->if_string()) {
    roles.emplace_back(text->data(), text->size());
  }
  return sorted_roles(std::move(roles));
}

}  // namespace

AuthVerdict identity_in(std::string_view text, IdentityPointers const& pointers) {
  json::error_code ec;
  auto const value = json::parse({text.data(), text.size()}, ec);
  if (ec) return AuthRefusal{401, "What is stored for this credential is not JSON."};
  Identity identity{text_at(value, pointers.user), roles_at(value, pointers.roles), {}};
  if (identity.user.empty())
    return AuthRefusal{401, "No user belongs to this credential: log in first."};
  return identity;
}

}  // namespace pushlab::server

#include "servers/auth/credential.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <optional>

namespace pushlab::server {
namespace {

std::string_view trimmed(std::string_view text) {
  auto const first = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// percent_decoded() is for queries, where `+` is a space; in a cookie it is itself.
std::string cookie_value(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  if (text.find('%') == std::string_view::npos) return std::string{text};
  std::string escaped;
  for (char const c : text) c == '+' ? escaped += "%2B" : escaped += c;
  return percent_decoded(escaped);
}

// The value of that cookie in one field `a=b; c=d`.
std::optional<std::string> cookie_in(std::string_view field, std::string_view name) {
  while (!field.empty()) {
    auto const end = std::min(field.find(';'), field.size());
    auto const pair = field.substr(0, end);
    field.remove_prefix(std::min(end + 1, field.size()));
    auto const equals = pair.find('=');
    if (equals != std::string_view::npos && trimmed(pair.substr(0, equals)) == name)
      return cookie_value(trimmed(pair.substr(equals + 1)));
  }
  return std::nullopt;
}

std::string bearer_of(Request const& request) {
  constexpr std::string_view scheme = "bearer ";
  auto const field = request.field("Authorization");
  if (!boost::beast::iequals(field.substr(0, scheme.size()), scheme)) return {};
  return std::string{trimmed(field.substr(scheme.size()))};
}

bool is_acceptable(std::string_view value) {
  return value.size() <= Credential::max_bytes &&
         std::none_of(value.begin(), value.end(), [](char c) {
           auto const byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7f;
         });
}

}  // namespace

std::string cookie_of(Request const& request, std::string const& name) {
  for (auto const& [field, text] : request.fields)
    if (boost::beast::iequals(field, "cookie"))
      if (auto value = cookie_in(text, name)) return *std::move(value);
  return {};
}

Credential credential_of(Request const& request, std::string const& cookie_name) {
  using Kind = Credential::Kind;
  Credential found{Kind::ticket, request.target.value("ticket").value_or("")};
  if (found.value.empty()) found = {Kind::api_key, std::string{request.field("X-API-Key")}};
  if (found.value.empty()) found = {Kind::api_key, bearer_of(request)};
  if (found.value.empty() && !cookie_name.empty())
    found = {Kind::session, cookie_of(request, cookie_name)};
  if (found.value.empty()) return {};
  if (!is_acceptable(found.value)) found.value.clear();
  return found;
}

}  // namespace pushlab::server

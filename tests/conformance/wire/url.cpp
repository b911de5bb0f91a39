#include "tests/conformance/wire/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace pushlab::conformance {
namespace {

std::string default_port(std::string_view scheme) {
  return scheme == "https" || scheme == "wss" ? "443" : "80";
}

[[noreturn]] void fail(std::string_view text) {
  throw std::invalid_argument(
      fmt::format("\"{}\" is no URL: give http, https, ws or wss, a host and a path", text));
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void split_authority(std::string_view authority, std::string_view whole, Url& url) {
  if (auto const at = authority.rfind('@'); at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  auto const host_end = authority.starts_with('[') ? authority.find(']') : 0;
  if (host_end == std::string_view::npos) fail(whole);
  if (auto const colon = authority.find(':', host_end); colon != std::string_view::npos) {
    url.port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
    if (!is_port(url.port)) fail(whole);
  }
  if (authority.starts_with('[')) authority = authority.substr(1, host_end - 1);
  url.host = authority;
  if (url.host.empty()) fail(whole);
}

}  // namespace

Url Url::parse(std::string_view text) {
  Url url;
  auto const colon = text.find("://");
  if (colon == std::string_view::npos) fail(text);
  url.scheme = text.substr(0, colon);
  std::transform(url.scheme.begin(), url.scheme.end(), url.scheme.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (url.scheme != "http" && url.scheme != "https" && url.scheme != "ws" && url.scheme != "wss")
    fail(text);
  url.port = default_port(url.scheme);
  auto rest = text.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  auto const path = rest.find_first_of("/?");
  split_authority(rest.substr(0, path), text, url);
  url.target = path == std::string_view::npos ? "/" : rest.substr(path);
  if (url.target.starts_with('?')) url.target.insert(0, "/");
  return url;
}

std::string Url::authority() const {
  auto const name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == default_port(scheme) ? name : name + ":" + port;
}

std::string Url::text() const {
  return scheme + "://" + authority() + target;
}

Url Url::resolve(std::string_view reference) const {
  if (auto const colon = reference.find("://");
      colon != std::string_view::npos && colon < reference.find_first_of("/?#"))
    return parse(reference);
  if (reference.starts_with("//")) return parse(scheme + ":" + std::string(reference));
  reference = reference.substr(0, reference.find('#'));
  auto const path = target.substr(0, target.find('?'));
  Url url = *this;
  if (reference.starts_with('/'))
    url.target = reference;
  else if (reference.starts_with('?'))
    url.target = path + std::string(reference);
  else if (!reference.empty())
    url.target = path.substr(0, path.rfind('/') + 1) + std::string(reference);
  return url;
}

Url Url::with_query(std::string_view name, std::string_view value) const {
  Url url = *this;
  url.target += target.find('?') == std::string::npos ? '?' : '&';
  url.target += percent_encode(name) + "=" + percent_encode(value);
  return url;
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (char const byte : text) {
    auto const c = static_cast<unsigned char>(byte);
    if (std::isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~')
      encoded += byte;
    else
      encoded += fmt::format("%{:02X}", c);
  }
  return encoded;
}

}  // namespace pushlab::conformance

#include "servers/auth/session_cookie.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace pushlab::server {
namespace {

unsigned char const* bytes(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

std::string signature_of(std::string_view id, std::string_view secret) {
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  ::HMAC(::EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes(id), id.size(),
         digest.data(), &size);
  std::array<unsigned char, 45> base64{};  // 44 characters and the end; the last one is padding
  ::EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
  return {reinterpret_cast<char const*>(base64.data()), 43};
}

bool is_same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::optional<std::string> session_id(std::string_view cookie, std::string_view secret) {
  if (!cookie.starts_with("s:")) {
    if (!secret.empty() || cookie.empty()) return std::nullopt;
    return std::string{cookie};
  }
  cookie.remove_prefix(2);
  auto const dot = cookie.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  auto const id = cookie.substr(0, dot), signature = cookie.substr(dot + 1);
  if (!secret.empty() && !is_same(signature, signature_of(id, secret))) return std::nullopt;
  return std::string{id};
}

}  // namespace pushlab::server

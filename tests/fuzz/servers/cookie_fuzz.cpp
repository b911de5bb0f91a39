#include <algorithm>

#include "servers/auth/credential.hpp"
#include "servers/auth/session_cookie.hpp"
#include "tests/fuzz/servers/promise.hpp"

using namespace pushlab::server;

namespace {

Request with_cookies(std::string_view first, std::string_view second) {
  Request request;
  request.fields = {{"Cookie", std::string{first}}, {"cookie", std::string{second}}};
  return request;
}

}  // namespace

// Cookies mean the same in one field and in two; what is there is never nobody; a value is short
// and has no control characters; an id is a part of it, and nobody signs with our secret by chance.
extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  auto const request = with_cookies(text, "");
  auto const cookie = cookie_of(request, "connect.sid");
  auto const cut = std::min(text.find(';'), text.size());
  auto const rest = text.substr(std::min(cut + 1, text.size()));
  promise(cookie_of(with_cookies(text.substr(0, cut), rest), "connect.sid") == cookie);
  promise(cookie.empty() || text.find("connect.sid") != std::string_view::npos);

  auto const credential = credential_of(request, "connect.sid");
  promise((credential.kind == Credential::Kind::none) == cookie.empty());
  promise(credential.value.empty() || credential.value == cookie);
  promise(credential.value.size() <= Credential::max_bytes);
  for (char const c : credential.value) promise(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);

  auto const id = session_id(cookie, "");
  promise(!id || (!id->empty() && cookie.find(*id) != std::string::npos));
  promise(!session_id(cookie, "a secret"));
  return 0;
}

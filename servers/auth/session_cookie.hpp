#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace pushlab::server {

// The session id in a cookie of express-session, `s:<id>.<signature>`, the signature being the
// HMAC-SHA256 of the id with that secret, in base64 without padding. Nothing when it was signed
// with another secret or not at all. Without a secret nobody can tell: the signature is cut off,
// and an id alone is taken as it stands.
std::optional<std::string> session_id(std::string_view cookie, std::string_view secret);

}  // namespace pushlab::server

#pragma once

#include <string>
#include <string_view>

namespace pushlab::conformance {

// An absolute http, https, ws or wss URL. Nothing is normalised: the target goes out as it came in.
struct Url {
  std::string scheme;
  std::string host;    // without the brackets of an IPv6 address
  std::string port;    // the scheme's own when none was given
  std::string target;  // path and query, at least "/"

  // Throws std::invalid_argument with one sentence for the user.
  static Url parse(std::string_view text);

  bool tls() const { return scheme == "https" || scheme == "wss"; }
  std::string authority() const;  // as the Host field wants it
  std::string text() const;
  // What a Location or a link says, seen from this URL. Throws as parse() does.
  Url resolve(std::string_view reference) const;
  // With one more query parameter, percent-encoded.
  Url with_query(std::string_view name, std::string_view value) const;
};

// Everything but the unreserved characters of RFC 3986 as %XX.
std::string percent_encode(std::string_view text);

}  // namespace pushlab::conformance

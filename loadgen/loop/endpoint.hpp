// Where a URL points: http:// and ws:// only, since TLS would measure the load generator's
// cryptography.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "loadgen/loop/file.hpp"

namespace pushlab::loadgen {

struct Url {
  std::string host;  // without brackets
  std::uint16_t port = 80;
  std::string authority;  // what goes into Host
  std::string target;     // path and query, at least "/"
};

struct BadUrl : std::runtime_error {
  using std::runtime_error::runtime_error;
};

Url parse_url(std::string_view text);  // throws BadUrl with a sentence

// An address that connect() takes; resolved once, before the run.
struct Endpoint {
  sockaddr_storage address{};
  socklen_t length = 0;
  bool is_loopback_v4() const;
};

Endpoint resolve(Url const& url);  // throws BadUrl; blocks on DNS when the host is a name

// Starts a non-blocking connect with TCP_NODELAY; errno tells when the File is not open. `source` >
// 0 binds 127.0.0.<source> first: one address has about 28,000 ports toward one server.
// `receive_bytes` > 0 asks for a receive buffer of that size.
File start_connect(Endpoint const& endpoint, unsigned source = 0, int receive_bytes = 0);

// The error of a finished connect, 0 when it stands.
int connect_error(int fd);

}  // namespace pushlab::loadgen

#pragma once

#include <string>

namespace pushlab::driver {

// A port on 127.0.0.1 that was free a moment ago, and that no outgoing connection will take.
// Throws std::system_error when there is none.
int free_port();

// Whether something accepts connections at "host:port" (a numeric host).
bool accepts_tcp(std::string const& host_port);

// Whether the URL answers 2xx within a second.
bool answers_http(std::string const& url);

}  // namespace pushlab::driver

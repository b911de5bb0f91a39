#pragma once

#include "tests/conformance/wire/deadline.hpp"
#include "tests/conformance/wire/url.hpp"

namespace pushlab::conformance {

// A connected, non-blocking socket with TCP_NODELAY; tries every address of the host. Throws
// WireError of kind connect.
int connect_socket(Url const& url, int receive_buffer, Deadline const& deadline);

// Whether one of the events (POLLIN, POLLOUT) came before the deadline.
bool wait_ready(int descriptor, short events, Deadline const& deadline);

}  // namespace pushlab::conformance

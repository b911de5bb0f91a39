#pragma once

#include "tests/conformance/wire/connection.hpp"
#include "tests/conformance/wire/http_message.hpp"

namespace pushlab::conformance {

// Reads the head of an answer; bytes behind it stay in the connection. 1xx heads are kept in
// `interim`, but 101 is an answer. Throws WireError when none comes or what comes is none.
Head read_head(Connection& connection, Deadline const& deadline);

// The head that these bytes are, blank line included. Throws WireError of kind syntax.
Head parse_head(std::string_view raw);

}  // namespace pushlab::conformance

#pragma once
#include <span>
#include <string_view>

#include "servers/http/request.hpp"

namespace pushlab::server {

// The one of `offered` that the client likes best, of equals the first (RFC 9110 12.5.3); empty
// when the answer should go out as it is: nothing is asked for, nothing offered is wanted, or
// identity is liked better. An entry that breaks the grammar is as good as none.
std::string_view accepted_coding(Request const& request, std::span<std::string_view const> offered);

}  // namespace pushlab::server

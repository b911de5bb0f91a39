#pragma once
#include "servers/http/request.hpp"
#include "servers/http/response.hpp"

namespace pushlab::server {

constexpr std::size_t least_compressed_bytes = 1024;  // below, a packet is a packet

// The answer as gzip, when it is long enough and the client accepts it; it says in any case that
// this depends on the request. An ETag becomes weak: the state is the same, the bytes are not.
Response compressed(Response response, Request const& request);

// Whether the client has the state with that (strong) ETag, in whatever form it got it.
bool has_state(Request const& request, std::string_view etag);

}  // namespace pushlab::server

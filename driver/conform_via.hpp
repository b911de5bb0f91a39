#pragma once

#include "driver/proxy.hpp"
#include "tests/conformance/engine/endpoint.hpp"

namespace pushlab::driver {

// Starts the proxy before the endpoint, and once more before a server of the checker's own; `given`
// goes through it from now on. Without a URL the checker's own server is the endpoint. Starts
// children, so there must be no threads yet; then given.via->origin is to begin. Throws InputError,
// TargetError.
void put_between(Proxy const& proxy, conformance::Endpoint::Given& given);
// The same without a proxy, for comparison.
void put_nothing_between(conformance::Endpoint::Given& given);

}  // namespace pushlab::driver

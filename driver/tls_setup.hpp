#pragma once

#include <boost/json/object.hpp>

#include "driver/target.hpp"
#include "driver/target_process.hpp"

namespace pushlab::driver {

// What a connection costs until it stands when TLS ends at a proxy before the server: CPU of both
// for `count` streams, opened one after the other through nginx (scenarios/terminator) and held
// until the last one stands. Every one is a whole handshake of TLS 1.3 with a P-256 certificate;
// then as many resume with the ticket of the one before them, as a client does that comes back. As
// many without TLS, through the same nginx, are the measure for it. {setups, setup_cpu_us,
// server_cpu_us, resumed_cpu_us, plain_cpu_us, terminator}, or {error} when it cannot be measured.
// resumed_cpu_us is null when not all were resumed. Blocks for 30 s at most.
boost::json::object measure_tls_setup(Target const& target, TargetProcess const& server,
                                      unsigned count);

// Whether its clients stand when their request is answered. A poll does not stand at all.
bool has_tls_setup(Target const& target);

}  // namespace pushlab::driver

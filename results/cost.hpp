#pragma once
// What each target costs: the resources as measured, and money by a price file.
//
// A million users get events at the scenario's rate for one client:
//   cores = users * deliveries/s * CPU per delivery / utilisation
//   memory = users * (server's + half of the kernel's, which was counted at both ends) / headroom
//   traffic = deliveries * bytes on the wire (those of the application where the wire was not
//   measured)
// A month has 730 hours. CPU per delivery holds what the strategy spends beside deliveries, at this
// load. The 95 % interval of an amount of money comes from 1000 draws of its inputs' intervals;
// `hi` is null when one of them is unbounded.

#include <boost/json.hpp>

namespace pushlab::results {

// One element for each target of a summarised `result`: id, title, and as {"value","lo","hi"} with
// an optional "remark" the members cpu_us_per_delivery, syscalls_per_delivery,
// wire_bytes_per_delivery, memory_kib, kernel_kib, setup_ms, setup_cpu_us,
// setup_tls_cpu_us, setup_resumed_cpu_us, useless_per_client_hour,
// usd_per_million_users_month (with "parts": cpu, memory, traffic) and usd_per_billion_deliveries.
// `prices`: vcpu_hour, gib_hour, egress_gb, utilisation, ram_headroom; ResultError when one is
// missing.
boost::json::array cost_ledger(boost::json::object const& result,
                               boost::json::object const& prices);

}  // namespace pushlab::results

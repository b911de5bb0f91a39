#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <string>

#include "driver/machine.hpp"
#include "driver/target.hpp"

namespace pushlab::driver {

struct CeilingPlan {
  Target const& server;  // the null server
  unsigned clients;      // 10,000 at most, and as many as there are descriptors
  unsigned payload_bytes;
  Cores cores;
  std::filesystem::path folder;  // logs; their names begin with `name`
  std::string name;
};

// What this machine carries with nothing but kernel and loopback between: a fresh null server and
// the null client (`pushlab null-client`), each on its cores, for a second and a half. {clients,
// payload_bytes, measured_s, events, event_bytes, bytes_received, window, deliveries_per_s,
// null_client_cpu_us_per_delivery, null_server_cpu_us_per_delivery}, or {payload_bytes, error} when
// it cannot be measured. Starts children; ends within 40 s.
boost::json::object measure_ceiling(CeilingPlan const& plan);

}  // namespace pushlab::driver

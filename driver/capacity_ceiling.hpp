#pragma once

#include <boost/json/value.hpp>
#include <filesystem>
#include <string>

#include "driver/capacity_probe.hpp"

namespace pushlab::driver {

// How near the found capacity comes to what this machine carries at all, with as many null clients
// (driver/ceiling.hpp): its object with `share` and `verdict`, or with `error`. null for what
// polls: it has no such ceiling. About two seconds.
boost::json::value capacity_ceiling(CapacityQuestion const& question, double confirmed,
                                    std::filesystem::path const& logs);

// For the terminal; "" for null.
std::string capacity_ceiling_sentence(boost::json::value const& ceiling);

}  // namespace pushlab::driver

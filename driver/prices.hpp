#pragma once

#include <boost/json/object.hpp>
#include <filesystem>

namespace pushlab::driver {

// A price file such as scenarios/prices.toml, as results::cost_ledger() wants it. Throws
// InputError.
boost::json::object read_prices(std::filesystem::path const& path);

}  // namespace pushlab::driver

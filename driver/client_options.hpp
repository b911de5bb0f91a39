#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "driver/target.hpp"
#include "driver/toml_reader.hpp"

namespace pushlab::driver {

// How the clients of a target behave beside its strategy: keys of a scenario and of its targets.
struct ClientOptions {
  std::optional<bool> refresh;
  std::optional<double> refresh_jitter_s;
  std::optional<bool> keep_alive;
  std::optional<double> poll_gap_s;
  std::optional<std::string> cursor;
};

ClientOptions read_client_options(TomlTable& table);

// Their names, and whether one does something for the target.
std::vector<std::string> const& client_keys();
bool has_use(std::string_view key, Target const& target, ClientOptions const& values);

// Adds the keys of `values` that do something for the target.
void add_client_options(boost::json::object& options, ClientOptions const& values,
                        Target const& target);
void add_client_options(boost::json::object& object, ClientOptions const& values);  // all

// The flags of `pushlab load` for what add_client_options has put there.
std::vector<std::string> client_flags(boost::json::object const& options);

}  // namespace pushlab::driver

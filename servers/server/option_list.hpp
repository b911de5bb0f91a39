#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "servers/server/options.hpp"

namespace pushlab::server {

// One option of a single value, under its name in the file; the flag is the same name with dashes.
struct Option {
  std::string key;
  std::string help;
  std::function<void(std::string const&)> set_text = nullptr;  // of text, or of a choice
  std::function<void(std::uint64_t)> set_number = nullptr;
  std::string shown;                  // the default
  std::vector<std::string> choices;   // of text that is a choice
  std::uint64_t least = 0, most = 0;  // of a number

  std::string flag() const;

  // Both throw UsageError, which begins with `where`.
  void take(std::int64_t value, std::string const& where) const;
  void take(std::string const& value, std::string const& where) const;
};

// Every option that is a flag, too; setting one sets it in `options`.
std::vector<Option> all_options(ServerOptions& options);

}  // namespace pushlab::server

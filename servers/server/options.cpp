#include "servers/server/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>

#include "servers/server/config_file.hpp"
#include "servers/server/option_list.hpp"

namespace pushlab::server {
namespace {

std::int64_t whole_number(Option const& option, std::string const& given) {
  std::int64_t value = 0;
  auto const end = given.data() + given.size();
  if (auto const [at, ec] = std::from_chars(given.data(), end, value);
      ec != std::errc{} || at != end)
    throw UsageError{fmt::format("{}: \"{}\" is not a whole number.", option.flag(), given)};
  return value;
}

}  // namespace

bool read_options(int argc, char const* const* argv, std::string const& program,
                  ServerOptions& options) {
  auto const all = all_options(options);
  CLI::App app{"One push strategy over the shared hub; prints a ready line and runs until SIGTERM.",
               program};
  app.footer(fmt::format(
      "Example: {} --client-listen 127.0.0.1:8080 --ingest-listen 127.0.0.1:8081\n"
      "Authentication, access rules and CORS stand in the file of --config: servers/README.md.",
      program));
  std::string config;
  app.add_option("--config", config, "TOML file with the same names, _ for -");
  std::vector<std::string> given(all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    app.add_option(all[i].flag(), given[i], all[i].help)->default_str(all[i].shown);
  try {
    app.parse(argc, argv);
  } catch (CLI::Success const& shown) {
    app.exit(shown);
    return false;
  } catch (CLI::ParseError const& error) {
    throw UsageError{fmt::format("{} (see {} --help)", error.what(), program)};
  }
  if (!config.empty()) read_config_file(config, all, options);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (given[i].empty()) continue;
    if (all[i].set_number)
      all[i].take(whole_number(all[i], given[i]), "command line");
    else
      all[i].take(given[i], "command line");
  }
  finish_rules(options);
  return true;
}

}  // namespace pushlab::server

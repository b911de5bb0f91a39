#include "servers/server/options.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <map>
#include <vector>

namespace pushlab::server {
namespace {

// One option, under its name in the file; the flag is the same name with dashes.
struct Option {
  std::string key;
  std::string help;
  std::string* text = nullptr;
  std::function<void(std::uint64_t)> set_number = nullptr;
  std::function<std::string()> shown = nullptr;
  std::uint64_t least = 0, most = 0;
};

template <class T>
Option number(std::string key, T& value, std::uint64_t least, std::uint64_t most,
              std::string help) {
  return {std::move(key),
          std::move(help),
          nullptr,
          [&value](std::uint64_t n) { value = static_cast<T>(n); },
          [&value] { return std::to_string(value); },
          least,
          most};
}

Option text(std::string key, std::string& value, std::string help) {
  return {std::move(key), std::move(help), &value, nullptr, [&value] { return value; }};
}

std::vector<Option> all_options(ServerOptions& o) {
  constexpr std::uint64_t gib = 1ULL << 30;
  return {
      text("client_listen", o.client_listen, "where clients connect, ADDRESS:PORT (port 0: any)"),
      text("ingest_listen", o.ingest_listen, "where the backend posts, ADDRESS:PORT"),
      number("threads", o.threads, 1, 256, "event loops, one thread each"),
      number("heartbeat_s", o.heartbeat_s, 0, 250,
             "seconds of silence before a heartbeat; 0: none"),
      number("retry_ms", o.retry_ms, 100, 600'000, "mean reconnection delay that clients are told"),
      number("history_events", o.history.events, 0, 100'000'000,
             "events kept for resuming clients"),
      number("history_bytes", o.history.bytes, 0, 64 * gib, "their bytes"),
      number("outbox_bytes", o.outbox_bytes, 4096, gib,
             "unsent bytes after which a slow reader is disconnected"),
      number("max_connections", o.max_connections, 0, 100'000'000,
             "client connections in all; 0: as the open-file limit allows"),
      number("max_connections_per_address", o.max_connections_per_address, 0, 100'000'000,
             "from one address (IPv6: one /64); 0: no limit"),
      number("max_body_bytes", o.max_body_bytes, 64, gib, "largest request body of the ingest"),
      number("drain_s", o.drain_s, 0, 3600, "seconds that a shutdown waits for goodbyes"),
      text("ingest_token", o.ingest_token, "bearer token that the ingest demands"),
  };
}

std::string flag_of(Option const& option) {
  auto flag = "--" + option.key;
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::uint64_t checked(Option const& option, std::int64_t value, std::string const& where) {
  auto const n = static_cast<std::uint64_t>(value);
  if (value < 0 || n < option.least || n > option.most)
    throw UsageError{fmt::format("{}: {} must lie between {} and {}; it is {}.", where, option.key,
                                 option.least, option.most, value)};
  return n;
}

void read_file(std::string const& path, std::vector<Option>& options) {
  toml::table table;
  try {
    table = toml::parse_file(path);
  } catch (toml::parse_error const& error) {
    throw UsageError{fmt::format("{}:{}: {}.", path, error.source().begin.line,
                                 std::string{error.description()})};
  }
  for (auto const& [key, node] : table) {
    auto const where = fmt::format("{}:{}", path, node.source().begin.line);
    auto const option = std::find_if(options.begin(), options.end(),
                                     [&](Option const& o) { return o.key == key.str(); });
    if (option == options.end())
      throw UsageError{fmt::format("{}: there is no option \"{}\"; --help lists them.", where,
                                   std::string{key.str()})};
    if (option->text && node.is_string())
      *option->text = **node.as_string();
    else if (option->set_number && node.is_integer())
      option->set_number(checked(*option, **node.as_integer(), where));
    else
      throw UsageError{fmt::format("{}: {} must be a {}.", where, option->key,
                                   option->text ? "string" : "whole number")};
  }
}

}  // namespace

bool read_options(int argc, char const* const* argv, std::string const& program,
                  ServerOptions& options) {
  auto all = all_options(options);
  CLI::App app{"One push strategy over the shared hub; prints a ready line and runs until SIGTERM.",
               program};
  app.footer(fmt::format(
      "Example: {} --client-listen 127.0.0.1:8080 --ingest-listen 127.0.0.1:8081", program));
  std::string config;
  app.add_option("--config", config, "TOML file with the same names, _ for -");
  std::vector<std::string> given(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    app.add_option(flag_of(all[i]), given[i], all[i].help)->default_str(all[i].shown());
  }
  std::map<std::string, Overflow> const policies{{"disconnect", Overflow::disconnect},
                                                 {"conflate", Overflow::conflate}};
  app.add_option("--overflow", options.overflow, "what a slow reader gets")
      ->transform(CLI::CheckedTransformer(policies));
  try {
    app.parse(argc, argv);
  } catch (CLI::Success const& shown) {
    app.exit(shown);
    return false;
  } catch (CLI::ParseError const& error) {
    throw UsageError{fmt::format("{} (see {} --help)", error.what(), program)};
  }
  if (!config.empty()) read_file(config, all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (given[i].empty()) continue;
    if (all[i].text) {
      *all[i].text = given[i];
      continue;
    }
    std::int64_t value = 0;
    auto const end = given[i].data() + given[i].size();
    if (auto const [at, ec] = std::from_chars(given[i].data(), end, value);
        ec != std::errc{} || at != end)
      throw UsageError{fmt::format("{}: \"{}\" is not a whole number.", flag_of(all[i]), given[i])};
    all[i].set_number(checked(all[i], value, "command line"));
  }
  return true;
}

}  // namespace pushlab::server

#include "driver/client_options.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace pushlab::driver {
namespace {

std::optional<bool> maybe_flag(TomlTable& table, std::string const& key) {
  auto const given = table.has(key);
  auto const value = table.flag(key, false);
  return given ? std::optional(value) : std::nullopt;
}

template <class Visit>
void visit_keys(Visit&& visit) {
  visit("refresh", &ClientOptions::refresh);
  visit("refresh_jitter_s", &ClientOptions::refresh_jitter_s);
  visit("keep_alive", &ClientOptions::keep_alive);
  visit("poll_gap_s", &ClientOptions::poll_gap_s);
  visit("cursor", &ClientOptions::cursor);
}

}  // namespace

ClientOptions read_client_options(TomlTable& table) {
  ClientOptions options;
  options.refresh = maybe_flag(table, "refresh");
  options.refresh_jitter_s = table.maybe_number("refresh_jitter_s", {0, 3600});
  options.keep_alive = maybe_flag(table, "keep_alive");
  options.poll_gap_s = table.maybe_number("poll_gap_s", {0, 3600});
  auto const given = table.has("cursor");
  auto const cursor = table.one_of("cursor", {"json", "none"}, "json");
  if (given) options.cursor = cursor;
  return options;
}

std::vector<std::string> const& client_keys() {
  static std::vector<std::string> const keys = [] {
    std::vector<std::string> all;
    visit_keys([&](std::string_view key, auto) { all.emplace_back(key); });
    return all;
  }();
  return keys;
}

bool has_use(std::string_view key, Target const& target, ClientOptions const& values) {
  auto const streams = target.strategy == "sse" || target.strategy == "websocket";
  auto const fetches = streams && values.refresh.value_or(false);
  if (key == "refresh") return streams;
  if (key == "refresh_jitter_s") return fetches;
  if (key == "keep_alive") return !streams || fetches;
  if (key == "poll_gap_s") return target.strategy == "long-poll";
  return target.strategy == "long-poll" && target.client.cursor == "json";
}

void add_client_options(boost::json::object& options, ClientOptions const& values,
                        Target const& target) {
  visit_keys([&](std::string_view key, auto member) {
    if ((values.*member).has_value() && has_use(key, target, values))
      options[key] = *(values.*member);
  });
}

void add_client_options(boost::json::object& object, ClientOptions const& values) {
  visit_keys([&](std::string_view key, auto member) {
    if ((values.*member).has_value()) object[key] = *(values.*member);
  });
}

std::vector<std::string> client_flags(boost::json::object const& options) {
  std::vector<std::string> flags;
  auto const is = [&](char const* key, bool value) {
    auto const* found = options.if_contains(key);
    return found != nullptr && found->as_bool() == value;
  };
  auto const add = [&](char const* key, char const* flag) {
    auto const* found = options.if_contains(key);
    if (found == nullptr) return;
    flags.emplace_back(flag);
    flags.push_back(found->is_string() ? std::string(found->as_string())
                                       : fmt::format("{}", found->as_double()));
  };
  if (is("refresh", true)) flags.emplace_back("--refresh");
  if (is("keep_alive", false)) flags.emplace_back("--no-keep-alive");
  add("refresh_jitter_s", "--refresh-jitter");
  add("poll_gap_s", "--poll-gap");
  add("cursor", "--cursor");
  return flags;
}

}  // namespace pushlab::driver

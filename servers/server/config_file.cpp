#include "servers/server/config_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "servers/auth/make_authenticator.hpp"
#include "servers/server/toml_table.hpp"

namespace pushlab::server {
namespace {

using Rule = AccessRules::Rule;

toml::table parsed(std::string const& path) {
  try {
    return toml::parse_file(path);
  } catch (toml::parse_error const& error) {
    throw UsageError{fmt::format("{}:{}: {}.", path, error.source().begin.line,
                                 std::string{error.description()})};
  }
}

void read_single(Option const& option, toml::node const& node, std::string const& where) {
  if (node.is_integer())
    option.take(**node.as_integer(), where);
  else if (node.is_boolean() && !option.choices.empty())
    option.take(std::string{**node.as_boolean() ? "true" : "false"}, where);
  else if (node.is_string())
    option.take(std::string{**node.as_string()}, where);
  else
    throw UsageError{fmt::format("{}: {} must be a {}.", where, option.key,
                                 option.set_number ? "whole number" : "string")};
}

void read_cors(TomlTable& table, std::vector<std::string>& origins) {
  if (!table.texts("cors_origins", origins)) return;
  for (auto const& origin : origins) {
    if (origin == "*" && origins.size() == 1) continue;
    auto const scheme_end = origin.find("://");
    auto const is_origin = scheme_end != std::string::npos && scheme_end > 0 &&
                           origin.find_first_of("/*", scheme_end + 3) == std::string::npos &&
                           origin.size() > scheme_end + 3;
    if (!is_origin)
      table.fail("cors_origins",
                 fmt::format("must hold origins such as \"https://app.example\", or \"*\" alone; "
                             "\"{}\" is none.",
                             origin));
  }
}

void read_redis(TomlTable table, RedisOptions& redis) {
  table.text("address", redis.address);
  table.text("username", redis.username);
  table.text("password", redis.password);
  table.number("db", redis.db, 0, 1'000'000);
  table.text("session_key", redis.session_key);
  table.text("session_user", redis.session_user);
  table.text("session_roles", redis.session_roles);
  table.text("api_key", redis.api_key);
  table.text("api_key_user", redis.api_key_user);
  table.text("api_key_roles", redis.api_key_roles);
  table.text("ticket_key", redis.ticket_key);
  table.text("revocation_channel", redis.revocation_channel);
  table.number("recheck_s", redis.recheck_s, 1, 86'400);
  table.number("timeout_ms", redis.timeout_ms, 10, 60'000);
  table.expect_no_other();
}

void read_keys(TomlTable& auth, std::string const& path, std::vector<StaticKey>& keys) {
  for (auto const* entry : auth.tables("keys")) {
    TomlTable table{path, "auth.keys", *entry};
    StaticKey key;
    table.text("key", key.key);
    table.text("user", key.user);
    table.texts("roles", key.roles);
    key.roles = sorted_roles(std::move(key.roles));
    table.expect_no_other();
    keys.push_back(std::move(key));
  }
}

void read_auth(std::string const& path, toml::table const& source, AuthOptions& auth) {
  TomlTable table{path, "auth", source};
  std::string kind = "none";
  table.text("kind", kind);
  if (kind == "static")
    auth.kind = AuthOptions::Kind::static_keys;
  else if (kind == "redis")
    auth.kind = AuthOptions::Kind::redis;
  else if (kind != "none")
    table.fail("kind", fmt::format("must be none, static or redis; it is \"{}\".", kind));
  table.text("cookie", auth.cookie);
  table.text("cookie_secret", auth.cookie_secret);
  table.number("ticket_s", auth.ticket_s, 1, 3600);
  read_keys(table, path, auth.keys);
  if (auto const* redis = table.table("redis"))
    read_redis({path, "auth.redis", *redis}, auth.redis);
  table.expect_no_other();
  if (auto const fault = fault_in(auth))
    throw UsageError{fmt::format("{}: {}", table.where(source), *fault)};
}

Rule read_rule(TomlTable& table, std::string const& name, toml::node const& node) {
  if (auto const* word = node.as_string()) {
    if (**word == "public") return {name, Rule::Who::everybody};
    if (**word == "authenticated") return {name, Rule::Who::authenticated};
  }
  Rule rule{name, Rule::Who::roles};
  if (!node.is_array())
    table.fail(name, "must be \"public\", \"authenticated\" or a list of roles.");
  table.texts(name, rule.roles);
  return rule;
}

std::vector<Rule> read_allow(std::string const& path, toml::table const& source) {
  TomlTable table{path, "allow", source};
  std::vector<Rule> rules;
  for (auto const& [key, node] : source) {
    std::string const name{key.str()};
    if (name.find('*') < name.size() - 1) table.fail(name, "may have its * only at the end.");
    rules.push_back(read_rule(table, name, node));
  }
  return rules;
}

}  // namespace

void read_config_file(std::string const& path, std::vector<Option> const& singles,
                      ServerOptions& options) {
  auto const file = parsed(path);
  TomlTable table{path, "", file};
  for (auto const& option : singles)
    if (auto const* node = table.take(option.key)) read_single(option, *node, table.where(*node));
  read_cors(table, options.cors_origins);
  if (auto const* auth = table.table("auth")) read_auth(path, *auth, options.auth);
  if (auto const* allow = table.table("allow")) {
    if (options.auth.kind == AuthOptions::Kind::none)
      table.fail("allow", "has no effect without [auth]: nobody is asked who he is.");
    options.allow = read_allow(path, *allow);
  }
  table.expect_no_other();
}

void finish_rules(ServerOptions& options) {
  if (options.auth.kind == AuthOptions::Kind::none) return;
  auto rules = options.allow;
  auto const is_account = [&](Rule const& rule) { return rule.pattern == options.account_event; };
  if (std::none_of(rules.begin(), rules.end(), is_account))
    rules.push_back({options.account_event, Rule::Who::roles});
  options.rules = AccessRules{std::move(rules)};
}

}  // namespace pushlab::server

#include "servers/server/toml_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "servers/server/options.hpp"

namespace pushlab::server {

std::string TomlTable::full(std::string_view key) const {
  return name_.empty() ? std::string{key} : fmt::format("{}.{}", name_, key);
}

std::string TomlTable::where(toml::node const& node) const {
  return fmt::format("{}:{}", path_, node.source().begin.line);
}

void TomlTable::fail(std::string_view key, std::string_view why) const {
  auto const* node = table_.get(key);
  throw UsageError{fmt::format("{}: {} {}", where(node ? *node : table_), full(key), why)};
}

toml::node const* TomlTable::take(std::string_view key) {
  taken_.emplace_back(key);
  return table_.get(key);
}

bool TomlTable::text(std::string_view key, std::string& into) {
  auto const* node = take(key);
  if (!node) return false;
  if (!node->is_string()) fail(key, "must be a string.");
  into = **node->as_string();
  return true;
}

std::uint64_t TomlTable::whole_number(std::string_view key, std::uint64_t usual,
                                      std::uint64_t least, std::uint64_t most) {
  auto const* node = take(key);
  if (!node) return usual;
  if (!node->is_integer()) fail(key, "must be a whole number.");
  auto const value = **node->as_integer();
  auto const n = static_cast<std::uint64_t>(value);
  if (value < 0 || n < least || n > most)
    fail(key, fmt::format("must lie between {} and {}; it is {}.", least, most, value));
  return n;
}

bool TomlTable::texts(std::string_view key, std::vector<std::string>& into) {
  auto const* node = take(key);
  if (!node) return false;
  auto const* array = node->as_array();
  if (!array) fail(key, "must be a list of strings.");
  into.clear();
  for (auto const& element : *array) {
    if (!element.is_string()) fail(key, "must be a list of strings.");
    into.push_back(**element.as_string());
  }
  return true;
}

toml::table const* TomlTable::table(std::string_view key) {
  auto const* node = take(key);
  if (!node) return nullptr;
  if (!node->is_table()) fail(key, "must be a table.");
  return node->as_table();
}

std::vector<toml::table const*> TomlTable::tables(std::string_view key) {
  std::vector<toml::table const*> tables;
  auto const* node = take(key);
  if (!node) return tables;
  if (!node->is_array_of_tables()) fail(key, fmt::format("must be tables: [[{}]].", full(key)));
  for (auto const& element : *node->as_array()) tables.push_back(element.as_table());
  return tables;
}

void TomlTable::expect_no_other() const {
  for (auto const& [key, node] : table_)
    if (std::find(taken_.begin(), taken_.end(), key.str()) == taken_.end())
      throw UsageError{fmt::format("{}: there is no option \"{}\"; {}.", where(node),
                                   full(key.str()),
                                   name_.empty() ? "--help lists them" : "see servers/README.md")};
}

}  // namespace pushlab::server

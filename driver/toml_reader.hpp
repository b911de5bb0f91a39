#pragma once

#include <toml++/toml.h>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "driver/input_error.hpp"

namespace pushlab::driver {

// The text of a TOML file; InputError when it cannot be read.
std::string read_toml_text(std::filesystem::path const& path);

// Typed access to one table of a TOML file. Every error is an InputError
// "file:line: what is wrong: how to mend it". A key counts as known once it was asked for, so
// finish(), called after the last question, can reject every other key.
class TomlTable {
 public:
  struct Range {
    double least;
    double most;
  };
  using Entry = std::variant<std::string, TomlTable>;

  // `over` takes the place of the keys of the same name in the root.
  static TomlTable from_text(std::string_view text, std::string const& file,
                             toml::table const& over = {});

  bool has(std::string_view key) const;
  bool has_table(std::string_view key) const;
  // Without a fallback the key is required.
  std::string text(std::string const& key, std::optional<std::string> fallback = {});
  std::string one_of(std::string const& key, std::vector<std::string> const& names,
                     std::optional<std::string> fallback = {});
  std::int64_t whole(std::string const& key, Range range,
                     std::optional<std::int64_t> fallback = {});
  double number(std::string const& key, Range range, std::optional<double> fallback = {});
  std::optional<double> maybe_number(std::string const& key, Range range);
  bool flag(std::string const& key, bool fallback);
  std::vector<std::string> texts(std::string const& key);  // absent: empty
  // An array of `count` numbers in ascending order.
  std::vector<double> numbers(std::string const& key, Range range, std::size_t count);
  std::vector<std::pair<std::string, std::string>> pairs(std::string const& key);  // absent: empty
  std::optional<TomlTable> table(std::string const& key);
  std::vector<TomlTable> tables(std::string const& key);  // an array of tables; absent: empty
  std::vector<Entry> entries(std::string const& key);     // an array of strings and tables
  // Those of these keys that are there, as they stand.
  toml::table subset(std::vector<std::string> const& keys);
  // The table `key` as it stands; absent: empty.
  toml::table raw_table(std::string const& key);

  void finish() const;
  // "file:line" of a key, or of the table when the key is not there.
  std::string place(std::string const& key) const;
  [[noreturn]] void fail(std::string const& key, std::string const& problem) const;

 private:
  TomlTable(std::shared_ptr<toml::table const> document, toml::table const& table, std::string file,
            std::string name);
  TomlTable nested(toml::table const& table, std::string const& key) const;
  std::string full_name(std::string const& key) const;
  toml::node const* find(std::string const& key);
  toml::array const* find_array(std::string const& key, std::string_view of_what);
  [[noreturn]] void fail_value(toml::node const& node, std::string const& key,
                               std::string const& expected) const;
  [[noreturn]] void fail_missing(std::string const& key, std::string const& expected) const;

  std::shared_ptr<toml::table const> document_;  // keeps table_ alive
  toml::table const* table_;
  std::string file_;
  std::string name_;  // "start" for [start], empty for the root
  std::set<std::string> known_;
};

}  // namespace pushlab::driver

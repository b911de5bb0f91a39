#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

namespace pushlab::server {

// One table of a configuration file, taken key by key; what nobody took is an error. Throws
// UsageError with file, line and the key's full name.
class TomlTable {
 public:
  TomlTable(std::string path, std::string name, toml::table const& table)
      : path_(std::move(path)), name_(std::move(name)), table_(table) {}

  toml::node const* take(std::string_view key);  // null: it is not there
  bool text(std::string_view key, std::string& into);
  template <class T>
  void number(std::string_view key, T& into, std::uint64_t least, std::uint64_t most) {
    into = static_cast<T>(whole_number(key, into, least, most));
  }
  bool texts(std::string_view key, std::vector<std::string>& into);
  toml::table const* table(std::string_view key);
  std::vector<toml::table const*> tables(std::string_view key);  // of [[key]]

  void expect_no_other() const;

  std::string where(toml::node const& node) const;
  [[noreturn]] void fail(std::string_view key, std::string_view why) const;

 private:
  std::uint64_t whole_number(std::string_view key, std::uint64_t usual, std::uint64_t least,
                             std::uint64_t most);
  std::string full(std::string_view key) const;

  std::string path_;
  std::string name_;  // `auth.redis`, or empty
  toml::table const& table_;
  std::vector<std::string> taken_;
};

}  // namespace pushlab::server

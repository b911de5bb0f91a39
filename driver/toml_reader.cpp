#include "driver/toml_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "driver/nearest_name.hpp"

namespace pushlab::driver {
namespace {

std::string as_toml(toml::node const& node) {
  std::ostringstream out;
  if (node.is_table()) return "a table";
  if (node.is_array()) return "an array";
  node.visit([&](auto const& value) { out << value; });
  return out.str();
}

std::string range_text(TomlTable::Range range) {
  return fmt::format("from {} to {}", range.least, range.most);
}

}  // namespace

std::string read_toml_text(std::filesystem::path const& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw InputError(fmt::format("{}: cannot read it: check the path", path.string()));
  return text.str();
}

TomlTable::TomlTable(std::shared_ptr<toml::table const> document, toml::table const& table,
                     std::string file, std::string name)
    : document_(std::move(document)),
      table_(&table),
      file_(std::move(file)),
      name_(std::move(name)) {}

TomlTable TomlTable::from_text(std::string_view text, std::string const& file,
                               toml::table const& over) {
  try {
    auto document = std::make_shared<toml::table>(toml::parse(text));
    for (auto const& [key, node] : over) document->insert_or_assign(key, node);
    return TomlTable(document, *document, file, "");
  } catch (toml::parse_error const& error) {
    throw InputError(fmt::format("{}:{}: this is not TOML: {}: see https://toml.io", file,
                                 error.source().begin.line, error.description()));
  }
}

TomlTable TomlTable::nested(toml::table const& table, std::string const& key) const {
  return TomlTable(document_, table, file_, full_name(key));
}

std::string TomlTable::full_name(std::string const& key) const {
  return name_.empty() ? key : name_ + "." + key;
}

std::string TomlTable::place(std::string const& key) const {
  auto const found = table_->find(key);
  auto const line =
      found != table_->end() ? found->first.source().begin.line : table_->source().begin.line;
  return fmt::format("{}:{}", file_, line > 0 ? line : 1);
}

void TomlTable::fail(std::string const& key, std::string const& problem) const {
  throw InputError(fmt::format("{}: {}", place(key), problem));
}

void TomlTable::fail_value(toml::node const& node, std::string const& key,
                           std::string const& expected) const {
  fail(key, fmt::format("{} is {}: give {}", full_name(key), as_toml(node), expected));
}

void TomlTable::fail_missing(std::string const& key, std::string const& expected) const {
  fail(key, fmt::format("the key {} is missing: give {}", full_name(key), expected));
}

toml::node const* TomlTable::find(std::string const& key) {
  known_.insert(key);
  return table_->get(key);
}

bool TomlTable::has(std::string_view key) const {
  return table_->contains(key);
}

bool TomlTable::has_table(std::string_view key) const {
  auto const* node = table_->get(key);
  return node && node->is_table();
}

std::string TomlTable::text(std::string const& key, std::optional<std::string> fallback) {
  auto const* node = find(key);
  if (!node && fallback) return *fallback;
  if (!node) fail_missing(key, "a text in quotes");
  if (auto value = node->value_exact<std::string>()) return *value;
  fail_value(*node, key, "a text in quotes");
}

std::string TomlTable::one_of(std::string const& key, std::vector<std::string> const& names,
                              std::optional<std::string> fallback) {
  auto const expected = fmt::format("one of {}", fmt::join(names, ", "));
  auto const* node = find(key);
  if (!node && fallback) return *fallback;
  if (!node) fail_missing(key, expected);
  auto const value = node->value_exact<std::string>();
  if (value && std::find(names.begin(), names.end(), *value) != names.end()) return *value;
  auto const nearest = value ? nearest_name(*value, names) : std::string{};
  if (nearest.empty()) fail_value(*node, key, expected);
  fail(key, fmt::format("{} is \"{}\", which is unknown: did you mean \"{}\"?", full_name(key),
                        *value, nearest));
}

std::int64_t TomlTable::whole(std::string const& key, Range range,
                              std::optional<std::int64_t> fallback) {
  auto const expected = "a whole number " + range_text(range);
  auto const* node = find(key);
  if (!node && fallback) return *fallback;
  if (!node) fail_missing(key, expected);
  auto const value = node->value_exact<std::int64_t>();
  if (value && static_cast<double>(*value) >= range.least &&
      static_cast<double>(*value) <= range.most)
    return *value;
  fail_value(*node, key, expected);
}

double TomlTable::number(std::string const& key, Range range, std::optional<double> fallback) {
  auto const expected = "a number " + range_text(range);
  auto const* node = find(key);
  if (!node && fallback) return *fallback;
  if (!node) fail_missing(key, expected);
  auto const value = node->is_number() ? node->value<double>() : std::optional<double>{};
  if (value && *value >= range.least && *value <= range.most) return *value;
  fail_value(*node, key, expected);
}

std::optional<double> TomlTable::maybe_number(std::string const& key, Range range) {
  known_.insert(key);
  if (!has(key)) return std::nullopt;
  return number(key, range);
}

bool TomlTable::flag(std::string const& key, bool fallback) {
  auto const* node = find(key);
  if (!node) return fallback;
  if (auto value = node->value_exact<bool>()) return *value;
  fail_value(*node, key, "true or false");
}

toml::array const* TomlTable::find_array(std::string const& key, std::string_view of_what) {
  auto const* node = find(key);
  if (!node) return nullptr;
  if (auto const* array = node->as_array()) return array;
  fail_value(*node, key, fmt::format("a list of {}", of_what));
}

std::vector<std::string> TomlTable::texts(std::string const& key) {
  std::vector<std::string> values;
  if (auto const* array = find_array(key, "texts")) {
    for (auto const& element : *array) {
      auto value = element.value_exact<std::string>();
      if (!value) fail_value(element, key, "a list of texts only");
      values.push_back(std::move(*value));
    }
  }
  return values;
}

std::vector<double> TomlTable::numbers(std::string const& key, Range range, std::size_t count) {
  auto const expected = fmt::format("{} ascending numbers {}", count, range_text(range));
  auto const* array = find_array(key, expected);
  if (!array) fail_missing(key, "a list of " + expected);
  std::vector<double> values;
  for (auto const& element : *array) {
    auto const value = element.is_number() ? element.value<double>() : std::optional<double>{};
    if (!value || *value < range.least || *value > range.most)
      fail_value(element, key, "a list of " + expected);
    values.push_back(*value);
  }
  if (values.size() != count || !std::is_sorted(values.begin(), values.end()))
    fail_value(*array, key, "a list of " + expected);
  return values;
}

std::vector<std::pair<std::string, std::string>> TomlTable::pairs(std::string const& key) {
  std::vector<std::pair<std::string, std::string>> values;
  auto const* node = find(key);
  if (!node) return values;
  auto const* inner = node->as_table();
  if (!inner) fail_value(*node, key, "a table of names and texts");
  for (auto const& [name, value] : *inner) {
    auto text = value.value_exact<std::string>();
    if (!text) fail_value(value, key, "a table of names and texts only");
    values.emplace_back(std::string{name.str()}, std::move(*text));
  }
  return values;
}

std::optional<TomlTable> TomlTable::table(std::string const& key) {
  auto const* node = find(key);
  if (!node) return std::nullopt;
  if (auto const* inner = node->as_table()) return nested(*inner, key);
  fail_value(*node, key, "a table");
}

std::vector<TomlTable> TomlTable::tables(std::string const& key) {
  std::vector<TomlTable> values;
  for (auto& entry : entries(key)) {
    auto* inner = std::get_if<TomlTable>(&entry);
    if (!inner) fail(key, fmt::format("{} is a list of texts: give tables", full_name(key)));
    values.push_back(std::move(*inner));
  }
  return values;
}

std::vector<TomlTable::Entry> TomlTable::entries(std::string const& key) {
  std::vector<Entry> values;
  if (auto const* array = find_array(key, "texts or tables")) {
    for (auto const& element : *array) {
      if (auto value = element.value_exact<std::string>()) {
        values.emplace_back(std::move(*value));
      } else if (auto const* inner = element.as_table()) {
        values.emplace_back(nested(*inner, key));
      } else {
        fail_value(element, key, "a list of texts or tables");
      }
    }
  }
  return values;
}

toml::table TomlTable::subset(std::vector<std::string> const& keys) {
  toml::table found;
  for (auto const& key : keys) {
    if (auto const* node = find(key)) found.insert(key, *node);
  }
  return found;
}

toml::table TomlTable::raw_table(std::string const& key) {
  auto const* node = find(key);
  if (!node) return {};
  if (auto const* inner = node->as_table()) return *inner;
  fail_value(*node, key, "a table");
}

void TomlTable::finish() const {
  std::vector<std::string> const names(known_.begin(), known_.end());
  for (auto const& [key, node] : *table_) {
    std::string const given{key.str()};
    if (known_.contains(given)) continue;
    auto const nearest = nearest_name(given, names);
    auto const mend = nearest.empty() ? fmt::format("known are {}", fmt::join(names, ", "))
                                      : fmt::format("did you mean {}?", nearest);
    fail(given, fmt::format("the key {} is unknown: {}", full_name(given), mend));
  }
}

}  // namespace pushlab::driver

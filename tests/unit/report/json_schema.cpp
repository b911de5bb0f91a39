#include "tests/unit/report/json_schema.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace pushlab::report {

namespace json = boost::json;

namespace {

bool has_type(json::value const& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "null") return value.is_null();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  throw std::invalid_argument("unknown type " + std::string(type));
}

class Check {
 public:
  explicit Check(json::object const& schema) : root_(schema) {}

  void look(json::object const& schema, json::value const& value, std::string const& at) {
    for (auto const& [key, rule] : schema) keyword(key, rule, value, at);
  }
  std::vector<std::string> take() { return std::move(found_); }

 private:
  void keyword(std::string_view key, json::value const& rule, json::value const& value,
               std::string const& at) {
    static std::set<std::string, std::less<>> const notes{"$schema",     "$id",    "title",
                                                          "description", "format", "$defs"};
    if (notes.contains(key)) return;
    if (key == "$ref") return look(root_.at("$defs").at(name(rule)).as_object(), value, at);
    if (key == "const") return expect(value == rule, at, "is another value");
    if (key == "enum") return expect(among(rule.as_array(), value), at, "is none of the values");
    if (key == "anyOf") return expect(fits_any(rule.as_array(), value), at, "fits none");
    if (key == "type") return expect(any_type(rule, value), at, "has another type");
    if (key == "minimum")
      return expect(!value.is_number() || value.to_number<double>() >= rule.to_number<double>(), at,
                    "is too small");
    if (key == "required") return required(rule.as_array(), value, at);
    if (key == "properties") return properties(rule.as_object(), value, at);
    if (key == "items") return items(rule.as_object(), value, at);
    throw std::invalid_argument("unknown keyword " + std::string(key));
  }
  void expect(bool holds, std::string const& at, std::string_view what) {
    if (!holds) found_.push_back(at + ": " + std::string(what));
  }
  static bool among(json::array const& all, json::value const& value) {
    return std::ranges::find(all, value) != all.end();
  }
  bool fits_any(json::array const& rules, json::value const& value) const {
    return std::ranges::any_of(rules, [&](json::value const& rule) {
      Check alone(root_);
      alone.look(rule.as_object(), value, "");
      return alone.found_.empty();
    });
  }
  static bool any_type(json::value const& rule, json::value const& value) {
    if (rule.is_string()) return has_type(value, rule.as_string());
    return std::ranges::any_of(rule.as_array(), [&](json::value const& type) {
      return has_type(value, type.as_string());
    });
  }
  // "#/$defs/metric" -> "metric"
  static std::string name(json::value const& reference) {
    std::string const path(reference.as_string());
    constexpr std::string_view defs = "#/$defs/";
    if (!path.starts_with(defs)) throw std::invalid_argument("unknown reference " + path);
    return path.substr(defs.size());
  }
  void required(json::array const& names, json::value const& value, std::string const& at) {
    if (!value.is_object()) return;
    for (auto const& one : names)
      expect(value.get_object().contains(one.as_string()), at,
             "lacks " + std::string(one.as_string()));
  }
  void properties(json::object const& rules, json::value const& value, std::string const& at) {
    if (!value.is_object()) return;
    for (auto const& [key, rule] : rules)
      if (auto const* member = value.get_object().if_contains(key))
        look(rule.as_object(), *member, at + '/' + std::string(key));
  }
  void items(json::object const& rule, json::value const& value, std::string const& at) {
    if (!value.is_array()) return;
    std::size_t index = 0;
    for (auto const& one : value.get_array()) look(rule, one, at + '/' + std::to_string(index++));
  }

  json::object const& root_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> breaches(json::object const& schema, json::value const& value) {
  Check check(schema);
  check.look(schema, value, "");
  return check.take();
}

}  // namespace pushlab::report

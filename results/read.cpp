#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

json::value const* find(json::object const& object, std::string_view path) {
  auto const dot = path.find('.');
  json::value const* value = object.if_contains(path.substr(0, dot));
  if (dot == std::string_view::npos || value == nullptr) return value;
  json::object const* inner = value->if_object();
  return inner == nullptr ? nullptr : find(*inner, path.substr(dot + 1));
}

std::optional<double> number_at(json::object const& object, std::string_view path) {
  json::value const* value = find(object, path);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

std::string text_at(json::object const& object, std::string_view path, std::string_view otherwise) {
  json::value const* value = find(object, path);
  if (value == nullptr || !value->is_string()) return std::string(otherwise);
  return std::string(value->get_string());
}

bool truth_at(json::object const& object, std::string_view path, bool otherwise) {
  json::value const* value = find(object, path);
  return value == nullptr || !value->is_bool() ? otherwise : value->get_bool();
}

json::array const& array_at(json::object const& object, std::string_view path) {
  static json::array const empty;
  json::value const* value = find(object, path);
  return value == nullptr || !value->is_array() ? empty : value->get_array();
}

json::object const& object_at(json::object const& object, std::string_view path) {
  static json::object const empty;
  json::value const* value = find(object, path);
  return value == nullptr || !value->is_object() ? empty : value->get_object();
}

std::vector<json::object const*> measured(json::object const& target) {
  std::vector<json::object const*> found;
  for (json::value const& repetition : array_at(target, "repetitions")) {
    json::object const* object = repetition.if_object();
    if (object == nullptr) continue;
    json::value const* error = object->if_contains("error");
    bool const failed = error != nullptr && !error->is_null();
    if (!failed && !truth_at(*object, "left_out", false)) found.push_back(object);
  }
  return found;
}

}  // namespace pushlab::results

#include "servers/event/json_member.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace pushlab::server {
namespace {

// The place behind the string that begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return std::min(at + 1, text.size());
}

// The place of the comma or brace that ends the member that begins at `at`.
std::size_t end_of_member(std::string_view text, std::size_t at) {
  for (int depth = 0; at < text.size();) {
    auto const c = text[at];
    if (depth == 0 && (c == ',' || c == '}')) break;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    at = c == '"' ? end_of_string(text, at) : at + 1;
  }
  return at;
}

// Whether the text between two commas is a member of that name.
bool is_named(std::string_view part, std::string_view name) {
  auto const begin = part.find('"');
  if (begin == std::string_view::npos) return false;  // the white space of an empty object
  auto const quoted = part.substr(begin, end_of_string(part, begin) - begin);
  if (quoted.find('\\') == std::string_view::npos)
    return quoted.substr(1, quoted.size() - 2) == name;
  boost::json::error_code ec;
  auto const key = boost::json::parse({quoted.data(), quoted.size()}, ec);
  return key.is_string() &&
         std::string_view{key.get_string().data(), key.get_string().size()} == name;
}

}  // namespace

std::string without_member(std::string_view json_object, std::string_view member) {
  auto at = std::min(json_object.find('{') + 1, json_object.size());
  std::string kept{json_object.substr(0, at)};
  for (bool first = true; at < json_object.size();) {
    auto const end = end_of_member(json_object, at);
    auto const part = json_object.substr(at, end - at);
    if (!is_named(part, member)) {
      if (!first) kept += ',';
      kept += part;
      first = false;
    }
    at = end;
    if (at == json_object.size() || json_object[at] == '}') break;
    ++at;
  }
  return kept.append(json_object.substr(at));
}

}  // namespace pushlab::server

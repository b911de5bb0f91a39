#include "servers/event/notification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

namespace pushlab::server {
namespace {

namespace json = boost::json;

// A raw line end cannot stand inside a JSON string, so each one found is white space between
// tokens.
std::string on_one_line(std::string_view text) {
  auto const first = text.find_first_not_of(" \t\r\n");
  auto const last = text.find_last_not_of(" \t\r\n");
  std::string line{text.substr(first, last - first + 1)};
  std::replace_if(line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return line;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::string_view view(json::string const& text) {
  return {text.data(), text.size()};
}

// The member as text, or the reason why not.
std::variant<std::string, NotificationError> required_text(json::object const& object,
                                                           std::string_view member) {
  auto const pointer = fmt::format("/{}", member);
  auto const* value = object.if_contains({member.data(), member.size()});
  if (!value)
    return NotificationError{pointer, fmt::format("The member \"{}\" is missing.", member)};
  auto const* text = value->if_string();
  if (!text) return NotificationError{pointer, fmt::format("\"{}\" must be a string.", member)};
  if (text->empty()) return NotificationError{pointer, fmt::format("\"{}\" is empty.", member)};
  if (text->size() > max_name_bytes)
    return NotificationError{
        pointer, fmt::format("\"{}\" is longer than {} bytes.", member, max_name_bytes)};
  if (has_control_character(view(*text)))
    return NotificationError{pointer, fmt::format("\"{}\" holds a control character.", member)};
  return std::string{view(*text)};
}

std::variant<std::string, NotificationError> resource_id(json::object const& object) {
  auto const* value = object.if_contains("id");
  if (!value) return NotificationError{"/id", "The member \"id\" is missing."};
  if (!value->is_number() && !value->is_string())
    return NotificationError{"/id", "\"id\" must be a number or a string."};
  return json::serialize(*value);
}

// 7, "7" and 7.0 name the same thing: a user's id is text to whoever authenticates the user.
std::string text_of(json::value const& id) {
  if (auto const* text = id.if_string()) return std::string{view(*text)};
  constexpr double exact = 1LL << 53;
  if (auto const* n = id.if_double(); n && std::abs(*n) < exact && *n == std::trunc(*n))
    return std::to_string(static_cast<std::int64_t>(*n));
  return json::serialize(id);
}

std::variant<std::string, NotificationError> origin_connection(json::object const& object) {
  auto const* value = object.if_contains("origin");
  if (!value || value->is_null()) return std::string{};
  if (!value->is_string())
    return NotificationError{"/origin", "\"origin\" must be a string or null."};
  return std::string{view(value->get_string())};
}

}  // namespace

std::variant<Notification, NotificationError> parse_notification(std::string_view text) {
  unsigned char memory[8192];
  json::monotonic_resource pool{memory, sizeof memory};
  json::error_code ec;
  auto const value = json::parse({text.data(), text.size()}, ec, &pool);
  if (ec)
    return NotificationError{"", fmt::format("The text is not valid JSON: {}.", ec.message())};
  auto const* object = value.if_object();
  if (!object) return NotificationError{"", "The notification must be a JSON object."};

  Notification notification;
  auto take = [](auto&& parsed, std::string& into, NotificationError& error) {
    if (auto* wrong = std::get_if<NotificationError>(&parsed)) {
      error = std::move(*wrong);
      return false;
    }
    into = std::move(std::get<std::string>(parsed));
    return true;
  };
  NotificationError error;
  if (!take(required_text(*object, "name"), notification.name, error) ||
      !take(required_text(*object, "type"), notification.type, error) ||
      !take(resource_id(*object), notification.id, error) ||
      !take(origin_connection(*object), notification.origin, error))
    return error;
  notification.id_text = text_of(object->at("id"));
  notification.body = on_one_line(text);
  return notification;
}

std::variant<std::vector<Notification>, NotificationError> parse_batch(std::string_view ndjson) {
  std::vector<Notification> batch;
  for (std::size_t line = 1; !ndjson.empty(); ++line) {
    auto const end = std::min(ndjson.find('\n'), ndjson.size());
    auto const text = ndjson.substr(0, end);
    ndjson.remove_prefix(std::min(end + 1, ndjson.size()));
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto parsed = parse_notification(text);
    if (auto* error = std::get_if<NotificationError>(&parsed)) {
      error->detail = fmt::format("Line {}: {}", line, error->detail);
      return std::move(*error);
    }
    batch.push_back(std::move(std::get<Notification>(parsed)));
  }
  if (batch.empty()) return NotificationError{"", "The batch holds no notification."};
  return batch;
}

}  // namespace pushlab::server

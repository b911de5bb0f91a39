#include "servers/clients/asked_for.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "servers/event/notification.hpp"
#include "servers/event/utf8.hpp"

namespace pushlab::server {
namespace {

// No event can have such a name: the ingest refuses it.
std::optional<std::string> fault_of(std::string_view name) {
  if (name.size() > max_name_bytes)
    return fmt::format("A subscribed name is longer than {} bytes.", max_name_bytes);
  if (!is_utf8(name)) return "A subscribed name is not valid UTF-8.";
  auto const is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (std::any_of(name.begin(), name.end(), is_control))
    return "A subscribed name holds a control character.";
  return std::nullopt;
}

}  // namespace

AskedFor asked_for(Target const& target, std::size_t max_names) {
  AskedFor asked;
  for (auto const& [key, value] : target.query)
    if (key == "events") add_names(asked.subscription, value, max_names);
  auto const& names = asked.subscription.names;
  if (names.size() > max_names)
    asked.refusal = problem(
        400, fmt::format("More than {} names are subscribed; * subscribes to all.", max_names));
  for (auto const& name : names)
    if (auto const fault = fault_of(name)) asked.refusal = problem(400, *fault);
  return asked;
}

std::optional<std::string> cursor_of(Request const& request) {
  if (auto const field = request.field("Last-Event-ID"); !field.empty()) return std::string{field};
  if (auto id = request.target.value("lastEventId")) return id;
  return request.target.value("since");
}

}  // namespace pushlab::server

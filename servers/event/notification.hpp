#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pushlab::server {

// What the backend posted: a JSON object with `name`, `type`, `id` and, optionally, `data`,
// `origin` and members that we do not know. It is forwarded as it came.
struct Notification {
  std::string name;          // what clients subscribe to
  std::string type;          // create, update, delete, ...
  std::string id;            // JSON text of the changed resource's id: 7 or "a7"
  std::string origin;        // id of the connection whose window caused the change; empty when none
  std::string body;          // the whole object on one line: line ends between tokens became spaces
  std::string id_text = {};  // the id as text: a7, and 7 for 7 and for "7"
  std::string without_data = {};  // the body without `data`, if that is to be kept back

  // What clients get of it unasked.
  std::string_view forwarded() const { return without_data.empty() ? body : without_data; }

  // What it holds on the heap, about.
  std::size_t bytes() const {
    return name.size() + type.size() + id.size() + origin.size() + body.size() + id_text.size() +
           without_data.size();
  }
};

// Why a notification is refused. `member` is a JSON pointer (`/name`); empty means the whole text.
struct NotificationError {
  std::string member;
  std::string detail;  // one sentence
};

constexpr std::size_t max_name_bytes = 200;

std::variant<Notification, NotificationError> parse_notification(std::string_view json);

// One notification a line, blank lines allowed, all or nothing; the error's detail names the line.
std::variant<std::vector<Notification>, NotificationError> parse_batch(std::string_view ndjson);

}  // namespace pushlab::server

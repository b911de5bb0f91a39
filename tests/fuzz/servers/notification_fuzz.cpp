#include "servers/event/notification.hpp"
#include "tests/fuzz/servers/promise.hpp"

using namespace pushlab::server;

// An accepted notification is on one line, means what was posted, and is accepted again as it
// stands; a batch is refused or holds accepted notifications only.
extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  auto const parsed = parse_notification(text);
  if (auto const* n = std::get_if<Notification>(&parsed)) {
    promise(n->body.find_first_of("\r\n") == std::string::npos);
    promise(!n->name.empty() && n->name.size() <= max_name_bytes && !n->type.empty());
    auto const again = parse_notification(n->body);
    promise(std::holds_alternative<Notification>(again));
    promise(std::get<Notification>(again).name == n->name);
    promise(std::get<Notification>(again).body == n->body);
  } else {
    promise(!std::get<NotificationError>(parsed).detail.empty());
  }
  auto const batch = parse_batch(text);
  if (auto const* all = std::get_if<std::vector<Notification>>(&batch)) {
    promise(!all->empty());
    for (auto const& n : *all)
      promise(std::holds_alternative<Notification>(parse_notification(n.body)));
  }
  return 0;
}

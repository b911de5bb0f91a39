#pragma once
#include <string_view>

#include "servers/event/notification.hpp"
#include "servers/hub/hub_options.hpp"
#include "servers/hub/viewer.hpp"

namespace pushlab::server {

// Who sees what, for one viewer at a time. The fan-out asks for many at once and agrees with it.
class Visibility {
 public:
  explicit Visibility(HubOptions const& options) : options_(options) {}

  // It changes the account of the user whose id it carries.
  bool is_account(Notification const& notification) const {
    return notification.name == options_.account_event;
  }

  // Subscribed and allowed.
  bool by_right(Viewer const& viewer, std::string_view name) const {
    return viewer.subscription.covers(name) && options_.rules.allows(viewer.audience, name);
  }

  // As state: by right, or because it is the viewer's own account.
  bool shows(Viewer const& viewer, Notification const& notification) const;

  // As an event: what the viewer itself caused may be left out.
  bool sees(Viewer const& viewer, Notification const& notification) const {
    return !is_echo(viewer, notification) && shows(viewer, notification);
  }
  bool is_echo(Viewer const& viewer, Notification const& notification) const;

 private:
  HubOptions const& options_;
};

}  // namespace pushlab::server

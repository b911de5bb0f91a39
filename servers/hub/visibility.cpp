#include "servers/hub/visibility.hpp"

namespace pushlab::server {

bool Visibility::shows(Viewer const& viewer, Notification const& notification) const {
  auto const is_own =
      is_account(notification) && !viewer.user.empty() && notification.id_text == viewer.user;
  return is_own || by_right(viewer, notification.name);
}

bool Visibility::is_echo(Viewer const& viewer, Notification const& notification) const {
  return options_.leave_out_origin && !notification.origin.empty() &&
         notification.origin == viewer.connection;
}

}  // namespace pushlab::server

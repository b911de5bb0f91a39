#pragma once
#include <optional>
#include <string>

#include "servers/http/request.hpp"
#include "servers/http/response.hpp"
#include "servers/hub/subscriptions.hpp"

namespace pushlab::server {

// The subscription in `?events=`, or the answer to one that cannot be served: too many names, a
// name that is too long, that is no UTF-8, or that holds a control character.
struct AskedFor {
  Subscription subscription;
  std::optional<Response> refusal;
};
AskedFor asked_for(Target const& target, std::size_t max_names = max_subscribed_names);

// The cursor a client comes back with: the Last-Event-ID field wins over ?lastEventId= and ?since=.
std::optional<std::string> cursor_of(Request const& request);

}  // namespace pushlab::server

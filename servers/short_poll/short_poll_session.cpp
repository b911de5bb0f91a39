#include "servers/short_poll/short_poll_session.hpp"

#include "servers/long_poll/long_poll_session.hpp"

namespace pushlab::server {
namespace {

std::string etag(EventId cursor) {
  return '"' + to_string(cursor) + '"';
}

// A client that is told 304 keeps its cursor. Before that cursor falls out of the history because
// of events that are not the client's, it gets a new one.
bool is_fresh_enough(Hub const& hub, EventId since) {
  auto const behind = hub.now().seq - since.seq;
  return behind <= hub.history().size() / 2;
}

}  // namespace

void ShortPollSession::on_subscribe(Connection& connection, Request const& request,
                                    Subscription const& subscription) {
  auto resumed = resume(request, subscription);
  auto const nothing_new = !resumed.reset && resumed.missed.empty();
  if (nothing_new && request.field("If-None-Match") == etag(resumed.from) &&
      is_fresh_enough(hub(), resumed.from))
    return connection.respond({304, {}, {}, {{"ETag", etag(resumed.from)}}}, request);
  auto const body = answer_part(resumed, hub().now());
  connection.respond({200,
                      "application/json",
                      poll_body(body, body.next.epoch, resumed.missed),
                      {{"ETag", etag(body.next)}}},
                     request);
}

}  // namespace pushlab::server

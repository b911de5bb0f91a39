#include "servers/short_poll/short_poll_session.hpp"

#include "servers/long_poll/long_poll_session.hpp"

namespace pushlab::server {
namespace {

std::string etag(EventId cursor) {
  return '"' + to_string(cursor) + '"';
}

}  // namespace

void ShortPollSession::on_subscribe(Connection& connection, Request const& request,
                                    Subscription const& subscription) {
  auto resumed = resume(request, subscription);
  auto const nothing_new = !resumed.reset && resumed.missed.empty();
  // A client that is told 304 keeps its cursor: before other events make that a lost one, it gets a
  // new one.
  if (nothing_new && request.field("If-None-Match") == etag(resumed.from) &&
      hub().is_fresh(resumed.from))
    return connection.respond({304, {}, {}, {{"ETag", etag(resumed.from)}}}, request);
  auto const body = answer_part(resumed, hub().now());
  connection.respond({200,
                      "application/json",
                      poll_body(body, body.next.epoch, resumed.missed),
                      {{"ETag", etag(body.next)}}},
                     request);
}

}  // namespace pushlab::server

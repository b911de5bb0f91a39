#include "servers/short_poll/short_poll_session.hpp"

#include "servers/long_poll/long_poll_session.hpp"

namespace pushlab::server {
namespace {

std::string etag(EventId cursor) {
  return '"' + to_string(cursor) + '"';
}

HeaderFields with_etag(HeaderFields fields, EventId cursor) {
  fields.emplace_back("ETag", etag(cursor));
  return fields;
}

}  // namespace

void ShortPollSession::on_subscribe(Connection& connection, Request const& request,
                                    Admission const& admission) {
  auto const [viewer, new_id] = poller_of(request, admission.viewer);
  auto resumed = resume(request, viewer);
  auto const nothing_new = !resumed.reset && resumed.missed.empty();
  // A client that is told 304 keeps its cursor: before other events make that a lost one, it gets a
  // new one.
  if (nothing_new && request.field("If-None-Match") == etag(resumed.from) &&
      hub().is_fresh(resumed.from))
    return connection.respond({304, {}, {}, with_etag(admission.cors, resumed.from)}, request);
  auto body = answer_part(resumed, hub().now());
  body.connection = new_id;
  connection.respond({200, "application/json", poll_body(body, body.next.epoch, resumed.missed),
                      with_etag(admission.cors, body.next)},
                     request);
}

}  // namespace pushlab::server

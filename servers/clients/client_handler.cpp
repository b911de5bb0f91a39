#include "servers/clients/client_handler.hpp"

namespace pushlab::server {

Response snapshot_response(Hub& hub, Request const& request, Admission const& admission) {
  auto json = hub.snapshot_json(admission.viewer);
  auto const etag = '"' + to_string(hub.snapshot_cursor()) + '"';
  Response response{200, "application/json", {}, admission.cors};
  response.fields.emplace_back("ETag", etag);
  if (request.field("If-None-Match") == etag) {
    response.status = 304;
    response.content_type.clear();
  } else {
    response.body = std::move(json);
  }
  return response;
}

Response too_many_connections() {
  auto response = problem(429, "This user has as many connections as are allowed.");
  response.fields.emplace_back("Retry-After", "5");
  return response;
}

// A client may know, from another loop, an event that is still on its way to this one.
bool ClientHandler::is_ahead(Request const& request) const {
  auto const cursor = cursor_of(request);
  if (!cursor || !context_.hub.ahead(*cursor)) return false;
  return parse_event_id(*cursor)->seq <= context_.broker.last_seq();
}

void ClientHandler::on_request(Connection& connection, Request const& request) {
  context_.hub.run_turn();  // the cursor may name an event of this very turn
  if (is_ahead(request)) {
    on_end(connection);
    return connection.defer(request);
  }
  if (auto const decision = context_.door.at_once(request))
    return proceed(connection, request, *decision);
  connection.suspend();
  auto const asked = std::make_shared<Request const>(request);
  context_.door.ask(asked, [this, &connection, asked](Decision decision) {
    connection.resume([this, &connection, asked, decision = std::move(decision)] {
      context_.hub.run_turn();
      proceed(connection, *asked, decision);
    });
  });
}

void ClientHandler::proceed(Connection& connection, Request const& request,
                            Decision const& decision) {
  if (auto const* response = std::get_if<Response>(&decision))
    return connection.respond(*response, request);
  auto const& admission = std::get<Admission>(decision);
  if (request.target.path == "/snapshot")
    return connection.respond(snapshot_response(hub(), request, admission), request);
  if (!context_.members.join(connection.slot(), admission.identity)) {
    context_.counters.refused.add(429);
    return connection.respond(context_.door.dressed(too_many_connections(), request), request);
  }
  on_subscribe(connection, request, admission);
}

Resume ClientHandler::resume(Request const& request, Viewer const& viewer) {
  auto resume = context_.hub.resume(cursor_of(request), viewer);
  if (resume.reset) context_.counters.resets.add(1);
  context_.counters.replayed.add(resume.missed.size());
  return resume;
}

void ClientHandler::on_end(Connection& connection) {
  hub().remove(connection.slot());
  context_.members.leave(connection.slot());
}

void ClientHandler::on_drain(Connection& connection) {
  connection.end_after_writing(EndReason::drained);
}

}  // namespace pushlab::server

#include "servers/clients/client_handler.hpp"

#include <fmt/format.h>

#include <random>

namespace pushlab::server {

AskedFor asked_for(Target const& target) {
  AskedFor asked;
  for (auto const& [key, value] : target.query)
    if (key == "events") add_names(asked.subscription, value);
  auto const& names = asked.subscription.names;
  if (names.size() > max_subscribed_names)
    asked.refusal =
        problem(400, fmt::format("More than {} names are subscribed; * subscribes to all.",
                                 max_subscribed_names));
  for (auto const& name : names)
    if (name.size() > max_name_bytes)
      asked.refusal =
          problem(400, fmt::format("A subscribed name is longer than {} bytes.", max_name_bytes));
  return asked;
}

std::optional<std::string> cursor_of(Request const& request) {
  if (auto const field = request.field("Last-Event-ID"); !field.empty()) return std::string{field};
  if (auto id = request.target.value("lastEventId")) return id;
  return request.target.value("since");
}

std::string new_connection_id() {
  thread_local std::random_device entropy;
  return fmt::format("{:08x}{:08x}{:08x}", entropy(), entropy(), entropy());
}

Response snapshot_response(Hub& hub, Subscription const& subscription) {
  return {200, "application/json", hub.snapshot_json({subscription})};
}

// A client may know, from another loop, an event that is still on its way to this one.
bool ClientHandler::is_ahead(Request const& request) const {
  auto const cursor = cursor_of(request);
  if (!cursor || !context_.hub.ahead(*cursor)) return false;
  return parse_event_id(*cursor)->seq <= context_.broker.last_seq();
}

void ClientHandler::on_request(Connection& connection, Request const& request) {
  auto const& path = request.target.path;
  auto const is_snapshot = path == "/snapshot";
  if (!is_snapshot && path != path_)
    return connection.respond(
        problem(404,
                fmt::format("There is nothing here; this server has {} and /snapshot.", path_)),
        request);
  if (request.method == "OPTIONS")
    return connection.respond({204, {}, {}, {{"Allow", "GET, HEAD, OPTIONS"}}}, request);
  if (request.method != "GET" && !request.is_head())
    return connection.respond(method_not_allowed("GET, HEAD, OPTIONS"), request);

  context_.hub.run_turn();  // the cursor may name an event of this very turn
  auto const asked = asked_for(request.target);
  if (asked.refusal) return connection.respond(*asked.refusal, request);
  if (is_snapshot)
    return connection.respond(snapshot_response(context_.hub, asked.subscription), request);
  if (is_ahead(request)) {
    on_end(connection);
    return connection.defer(request);
  }
  on_subscribe(connection, request, asked.subscription);
}

Resume ClientHandler::resume(Request const& request, Subscription const& subscription) {
  auto resume = context_.hub.resume(cursor_of(request), {subscription});
  if (resume.reset) context_.counters.resets.add(1);
  context_.counters.replayed.add(resume.missed.size());
  return resume;
}

void ClientHandler::on_drain(Connection& connection) {
  connection.end_after_writing(EndReason::drained);
}

}  // namespace pushlab::server

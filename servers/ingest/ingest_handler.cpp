#include "servers/ingest/ingest_handler.hpp"

#include <fmt/format.h>

#include "servers/event/notification.hpp"

namespace pushlab::server {
namespace {

std::string_view media_type(Request const& request) {
  auto type = request.field("Content-Type");
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  return type;
}

Response accepted(std::uint64_t seq) {
  return {202, "application/json", fmt::format("{{\"seq\":{}}}\n", seq)};
}

Response refused(NotificationError const& error) {
  return problem(400, error.detail, error.member);
}

}  // namespace

void IngestHandler::on_request(Connection& connection, Request const& request) {
  connection.respond(answer(request), request);
}

Response IngestHandler::answer(Request const& request) {
  auto const& path = request.target.path;
  auto const is_read = request.method == "GET" || request.is_head();
  if (path == "/notify")
    return request.method == "POST" ? notify(request) : method_not_allowed("POST");
  if (path == "/healthz" || path == "/metrics") {
    if (!is_read) return method_not_allowed("GET, HEAD");
    if (path == "/metrics")
      return {200, "text/plain; version=0.0.4; charset=utf-8", context_.metrics()};
    if (context_.is_draining()) return problem(503, "The server is draining.");
    return {200, "application/json", "{\"status\":\"ok\"}\n"};
  }
  return problem(404, "There is nothing here; the ingest has /notify, /healthz and /metrics.");
}

Response IngestHandler::notify(Request const& request) {
  if (!context_.token.empty() && request.field("Authorization") != "Bearer " + context_.token) {
    auto refusal = problem(401, "The ingest demands its bearer token.");
    refusal.fields.emplace_back("WWW-Authenticate", "Bearer");
    return refusal;
  }
  if (context_.is_draining()) {
    // Its clients have had their last event: whatever is taken now reaches nobody.
    auto refusal = problem(503, "The server is draining; publish again when it is back.");
    refusal.fields.emplace_back("Retry-After", "1");
    return refusal;
  }
  auto const type = media_type(request);
  if (type == "application/x-ndjson") {
    auto batch = parse_batch(request.body);
    if (auto const* error = std::get_if<NotificationError>(&batch)) return refused(*error);
    std::uint64_t seq = 0;
    for (auto& notification : std::get<std::vector<Notification>>(batch))
      seq = context_.broker.publish(std::move(notification));
    return accepted(seq);
  }
  if (type != "application/json" && !type.empty())
    return problem(415, fmt::format("The content type {} is not known here; send application/json, "
                                    "or application/x-ndjson for a batch.",
                                    type));
  auto parsed = parse_notification(request.body);
  if (auto const* error = std::get_if<NotificationError>(&parsed)) return refused(*error);
  return accepted(context_.broker.publish(std::move(std::get<Notification>(parsed))));
}

}  // namespace pushlab::server

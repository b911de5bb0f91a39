#include "servers/sse/sse_session.hpp"

namespace pushlab::server {
namespace {

std::string response_head(Request const& request, HeaderFields const& cors) {
  std::string head =
      "HTTP/1.1 200 OK\r\n"
      "Content-Type: text/event-stream\r\n"
      "Cache-Control: no-store, no-transform\r\n"
      "X-Accel-Buffering: no\r\n";
  head += to_lines(cors);
  head += request.http_1_0 ? "Connection: close\r\n" : "Transfer-Encoding: chunked\r\n";
  return head + "\r\n";
}

// Browsers reconnect after exactly this time, without jitter of their own: so it differs.
std::uint32_t varied(std::uint32_t retry_ms, Slot slot) {
  return retry_ms / 2 + (slot * 2654435761U >> 8) % (retry_ms + 1);
}

}  // namespace

void SseSession::on_subscribe(Connection& connection, Request const& request,
                              Admission const& admission) {
  auto head = response_head(request, admission.cors);
  if (request.is_head()) {
    connection.send(owned(std::move(head)));
    if (!request.keep_alive) connection.end_after_writing(EndReason::served);
    return;
  }
  auto viewer = admission.viewer;
  viewer.connection = new_connection_id();
  auto const resumed = resume(request, viewer);
  auto const chunked = !request.http_1_0;
  auto const wire = [&](std::string_view frame) { return chunked ? frame : unchunked(frame); };

  head += wire(sse_hello(resumed.from, viewer.connection, context().server_name,
                         varied(context().retry_ms, connection.slot())));
  if (resumed.reset) head += wire(sse_reset(resumed.from));
  std::vector<Bytes> first{owned(std::move(head))};
  for (auto const& event : resumed.missed) first.push_back({event, wire(event->frame)});
  connection.send(first);
  if (connection.ended()) return;
  hub().add(connection.slot(), viewer);
  connection.start_stream(chunked);
}

void SseSession::say_goodbye(Connection& connection, EndReason reason) {
  if (connection.mode() == Connection::Mode::stream && connection.chunked())
    connection.send(Bytes{nullptr, last_chunk});
  connection.end_after_writing(reason);
}

}  // namespace pushlab::server

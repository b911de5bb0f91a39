#include "servers/sse/sse_session.hpp"

#include <array>

#include "servers/http/accept_encoding.hpp"
#include "servers/http/content_coding.hpp"

namespace pushlab::server {
namespace {

// gzip before zstd: of what most events are, it makes the fewer bytes.
WireForm form_for(Request const& request) {
  constexpr std::array<std::string_view, 2> offered{"gzip", "zstd"};
  auto const coding = accepted_coding(request, offered);
  return coding == "gzip" ? WireForm::gzip : coding == "zstd" ? WireForm::zstd : WireForm::plain;
}

// Which form it is depends on the request even when it is the plain one.
void add_coding(HeaderFields& fields, WireForm form) {
  add_vary(fields, "Accept-Encoding");
  if (form != WireForm::plain) fields.emplace_back("Content-Encoding", content_coding(form));
}

std::string response_head(Request const& request, HeaderFields const& fields) {
  std::string head =
      "HTTP/1.1 200 OK\r\n"
      "Content-Type: text/event-stream\r\n"
      "Cache-Control: no-store, no-transform\r\n"
      "X-Accel-Buffering: no\r\n";
  head += to_lines(fields);
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
  auto const form = context().compresses ? form_for(request) : WireForm::plain;
  auto fields = admission.cors;
  if (context().compresses) add_coding(fields, form);
  auto head = response_head(request, fields);
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
  auto const add = [&](std::string frame) {
    head += wire(hub().encoder().in_form(form, std::move(frame)));
  };

  if (form == WireForm::gzip) head += wire(chunk(gzip_stream_start));
  add(sse_hello(resumed.from, viewer.connection, context().server_name,
                varied(context().retry_ms, connection.slot())));
  if (resumed.reset) add(sse_reset(resumed.from));
  std::vector<Bytes> first{owned(std::move(head))};
  for (auto const& event : resumed.missed) first.push_back({event, wire(event->in(form))});
  connection.send(first);
  if (connection.ended()) return;
  hub().add(connection.slot(), viewer, form);
  connection.start_stream(chunked, form);
}

void SseSession::say_goodbye(Connection& connection, EndReason reason) {
  if (connection.mode() == Connection::Mode::stream && connection.chunked())
    connection.send(Bytes{nullptr, last_chunk});
  connection.end_after_writing(reason);
}

}  // namespace pushlab::server

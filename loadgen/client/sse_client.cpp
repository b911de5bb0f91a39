#include "loadgen/client/sse_client.hpp"

#include <fmt/core.h>

namespace pushlab::loadgen {

bool is_event_stream(std::string_view content_type) {
  std::string text;
  for (auto const c : content_type) {
    if (c == ' ' || c == '\t' || c == '"') continue;
    text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (text.substr(0, text.find(';')) != "text/event-stream") return false;
  constexpr std::string_view charset = ";charset=";
  auto const at = text.find(charset);
  if (at == std::string::npos) return true;
  auto const begin = at + charset.size();
  return text.substr(begin, text.find(';', begin) - begin) == "utf-8";
}

std::string SseClient::opening() {
  response_ = HttpResponse();
  is_stream_ = false;
  parser_.start_over();
  auto const url = parse_url(expanded(setting_.plan.client_url, setting_, number_));
  auto request = fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\nCache-Control: no-cache\r\n",
      url.target, url.authority);
  for (auto const& header : setting_.plan.client_headers) request += header + "\r\n";
  if (!parser_.last_event_id().empty()) {
    request += "Last-Event-ID: " + parser_.last_event_id() + "\r\n";
  }
  return request + "\r\n";
}

std::string SseClient::on_bytes(std::string_view bytes, std::int64_t now_ns) {
  read_ns_ = now_ns;
  while (true) {
    auto const piece = response_.next(bytes);
    if (!is_stream_ && response_.has_head()) {
      auto problem = check_head(now_ns);
      if (!problem.empty()) return problem;
    }
    if (response_.failed()) return "the answer is not HTTP/1.1";
    if (!piece.empty() && !parser_.feed(piece, *this)) return parser_.error();
    if (response_.done()) return "the server ended the stream";
    if (piece.empty()) return {};
  }
}

std::string SseClient::check_head(std::int64_t now_ns) {
  if (response_.status() != 200) return fmt::format("the server answered {}", response_.status());
  auto const type = response_.header("content-type").value_or("");
  if (!is_event_stream(type)) {
    return fmt::format("the Content-Type is '{}', not text/event-stream", type);
  }
  is_stream_ = true;
  response_.forget_head();
  stands(now_ns);
  return {};
}

void SseClient::on_event(SseEvent const& event) {
  if (event.type == "reset") saw_reset();
  if (event.type != "hello") saw_event(event.data, event.last_event_id, read_ns_);
}

}  // namespace pushlab::loadgen

// A browser's EventSource, as far as a server can tell: GET, text/event-stream, Last-Event-ID on
// the way back.
#pragma once

#include "loadgen/client/http_response.hpp"
#include "loadgen/client/sse_parser.hpp"
#include "loadgen/client/stream_client.hpp"

namespace pushlab::loadgen {

// As browsers judge: the type in any case, with any parameters, but no charset other than utf-8.
bool is_event_stream(std::string_view content_type);

class SseClient final : public StreamClient, private SseSink {
 public:
  using StreamClient::StreamClient;

 private:
  std::string opening() override;
  std::string on_bytes(std::string_view bytes, std::int64_t now_ns) override;
  void on_event(SseEvent const& event) override;
  void on_retry(std::int64_t delay_ms) override { set_retry_delay(delay_ms); }

  std::string check_head(std::int64_t now_ns);

  HttpResponse response_;
  SseParser parser_;
  std::int64_t read_ns_ = 0;
  bool is_stream_ = false;
};

}  // namespace pushlab::loadgen

#include <fmt/format.h>

#include "driver/http_stream.hpp"
#include "driver/tail_session.hpp"
#include "loadgen/client/sse_parser.hpp"

// Follows an event stream as an EventSource does: WHATWG HTML 9.2.2 to 9.2.4.
namespace pushlab::driver {
namespace {

using std::chrono::milliseconds;

class Printer final : public loadgen::SseSink {
 public:
  explicit Printer(TailSession& session) : session_(session) {}
  void on_event(loadgen::SseEvent const& event) override {
    session_.event(event.type, event.data, event.last_event_id);
  }
  void on_retry(std::int64_t delay_ms) override {
    retry_ = milliseconds(delay_ms);
    session_.retry(delay_ms);
  }
  milliseconds retry() const { return retry_; }

 private:
  TailSession& session_;
  milliseconds retry_{3000};  // what browsers take
};

bool is_event_stream(HttpStream::Answer const& answer) {
  return answer.status == 200 && answer.header("content-type").starts_with("text/event-stream");
}

// An EventSource gives up for good on these; a stranger's page is no event stream.
void check(HttpStream::Answer const& answer, std::string const& url) {
  if (answer.status == 0 || answer.status == 204 || is_event_stream(answer)) return;
  if (answer.status != 200)
    throw TailError(fmt::format("{}: status {}, an EventSource would give up: check the URL", url,
                                answer.status));
  throw TailError(
      fmt::format("{}: its content type is \"{}\", not text/event-stream: check the URL", url,
                  answer.header("content-type")));
}

std::vector<std::string> stream_headers(TailRequest const& request, std::string const& last_id) {
  auto headers = request.headers;
  headers.emplace_back("Accept: text/event-stream");
  headers.emplace_back("Cache-Control: no-store");
  if (!last_id.empty()) headers.push_back("Last-Event-ID: " + last_id);
  return headers;
}

}  // namespace

void tail_sse(TailSession& session) {
  auto const& request = session.request();
  HttpStream stream;
  Printer printer(session);
  loadgen::SseParser parser;
  // An id alone is no event, but it is in force from here on.
  if (!request.last_event_id.empty()) parser.feed("id: " + request.last_event_id + "\n\n", printer);
  for (;;) {
    auto const answer = stream.get(
        request.url, stream_headers(request, parser.last_event_id()), session,
        [&](HttpStream::Answer const& so_far, std::string_view bytes) {
          return is_event_stream(so_far) && parser.feed(bytes, printer) && !session.over();
        });
    if (parser.failed()) throw TailError(fmt::format("{}: {}", request.url, parser.error()));
    check(answer, request.url);
    if (session.over() || answer.status == 204) return;
    auto const reason = answer.error.empty() ? std::string("the stream ended") : answer.error;
    if (request.once && answer.status == 0)
      throw TailError(fmt::format("{}: {}", request.url, reason));
    if (request.once) return;
    // Nobody listening and `retry: 0` together would make a busy loop.
    auto const least = milliseconds(answer.status == 0 ? 100 : 0);
    session.reconnect_after(std::max(printer.retry(), least), reason);
    if (session.over()) return;
    parser.start_over();
  }
}

}  // namespace pushlab::driver

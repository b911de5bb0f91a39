#include "tests/conformance/engine/capture.hpp"

#include <stdexcept>

namespace pushlab::conformance {
namespace {

constexpr int busy_events = 8;

bool redirects(Head const& head) {
  auto const status = head.status;
  return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
         !head.value("Location").empty();
}

void require_stream(Head const& head) {
  if (head.status != 200)
    throw Skip("no stream to judge, the answer is " + head.status_line() + ": see SSE-RESP-01");
}

SseCapture taken(Followed& followed) {
  auto& stream = *followed.stream;
  return {std::move(followed.hops),
          followed.url,
          stream.head(),
          stream.body(),
          stream.text(),
          stream.sse(),
          stream.exchange().head_after_s(),
          Clock::now(),
          {}};
}

SseCapture capture_quiet(Endpoint& endpoint, double seconds) {
  auto followed = follow(endpoint.url(), endpoint.request(), endpoint.answer_deadline());
  followed.stream->listen(seconds);
  return taken(followed);
}

// Events spread over the first half, so that the last one has time to arrive.
SseCapture capture_busy(Endpoint& endpoint) {
  auto const channel = endpoint.channel();
  auto followed = follow(channel.url, endpoint.request(), endpoint.answer_deadline());
  require_stream(followed.stream->head());
  auto const pause_s = endpoint.settings().capture_s / (2 * busy_events);
  std::vector<std::string> markers;
  for (int i = 0; i < busy_events; ++i) {
    markers.push_back(endpoint.marker());
    endpoint.publish(channel, markers.back());
    followed.stream->listen(pause_s);
  }
  followed.stream->await(markers.back(), Deadline::in(endpoint.settings().delivery_s));
  followed.stream->listen(pause_s);
  auto capture = taken(followed);
  capture.markers = std::move(markers);
  return capture;
}

}  // namespace

Followed follow(Url url, Request const& request, Deadline const& deadline, int most) {
  std::vector<Hop> hops;
  while (true) {
    auto stream = std::make_unique<EventStream>(url, request, deadline);
    if (!redirects(stream->head()) || static_cast<int>(hops.size()) == most)
      return {std::move(hops), std::move(url), std::move(stream)};
    try {
      auto next = url.resolve(stream->head().value("Location"));
      hops.push_back({std::move(url), stream->head()});
      url = std::move(next);
    } catch (std::invalid_argument const&) {
      return {std::move(hops), std::move(url), std::move(stream)};
    }
  }
}

std::shared_ptr<SseCapture const> any_capture(Endpoint& endpoint) {
  return endpoint.once<SseCapture>("quiet SSE capture", [&endpoint] {
    return capture_quiet(endpoint, endpoint.settings().capture_s);
  });
}

std::shared_ptr<SseCapture const> stream_capture(Endpoint& endpoint) {
  auto capture = any_capture(endpoint);
  require_stream(capture->head);
  return capture;
}

std::shared_ptr<SseCapture const> long_capture(Endpoint& endpoint) {
  return endpoint.once<SseCapture>("long SSE capture", [&endpoint] {
    require_stream(any_capture(endpoint)->head);
    return capture_quiet(endpoint, endpoint.settings().listen_s);
  });
}

std::shared_ptr<SseCapture const> busy_capture(Endpoint& endpoint) {
  if (!endpoint.has_publisher()) return stream_capture(endpoint);
  return endpoint.once<SseCapture>("busy SSE capture",
                                   [&endpoint] { return capture_busy(endpoint); });
}

EventStream open_stream(Endpoint& endpoint, Url const& url, Request const& request) {
  EventStream stream(url, request, endpoint.answer_deadline());
  require_stream(stream.head());
  return stream;
}

EventStream open_stream(Endpoint& endpoint, Url const& url) {
  return open_stream(endpoint, url, endpoint.request());
}

}  // namespace pushlab::conformance

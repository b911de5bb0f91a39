#include "tests/conformance/reconnect/stall.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tests/conformance/engine/live_channel.hpp"
#include "tests/conformance/reconnect/gap_signal.hpp"

namespace pushlab::conformance {
namespace {

std::vector<std::string> publish_much(Endpoint& endpoint, Endpoint::Channel const& channel,
                                      Stall& stall) {
  auto const& settings = endpoint.settings().reconnect;
  auto const sample = [&] {
    if (endpoint.has_process()) stall.rss_bytes.push_back(endpoint.process().rss_bytes());
  };
  std::string const filler(settings.stall_event_bytes, 'x');
  std::vector<std::string> markers;
  sample();
  while (stall.published_bytes < settings.stall_bytes) {
    auto const marker = endpoint.marker();
    auto body = notification(channel.name, "1", marker);
    body.insert(body.find(marker) + marker.size(), filler);
    if (!endpoint.post(channel, body).accepted()) throw Skip("the endpoint refused to be flooded");
    markers.push_back(marker);
    bool const half = stall.published_bytes < settings.stall_bytes / 2;
    stall.published_bytes += filler.size();
    if (half && stall.published_bytes >= settings.stall_bytes / 2) sample();
  }
  sample();
  stall.events = markers.size();
  return markers;
}

// How many of the events came on one stream or the other.
std::size_t count(std::vector<std::string> const& markers,
                  std::vector<EventStream const*> const& streams) {
  std::set<std::string> came;
  for (auto const* stream : streams) {
    for (auto const* event : stream->sse().events())
      came.insert(event->data.substr(0, event->data.find('x')));
  }
  return static_cast<std::size_t>(
      std::count_if(markers.begin(), markers.end(), [&](std::string const& marker) {
        return std::any_of(came.begin(), came.end(), [&](std::string const& begin) {
          return begin.find(marker) != std::string::npos;
        });
      }));
}

Stall::Reader outcome(EventStream const& stream, std::vector<std::string> const& markers) {
  return {count(markers, {&stream}), stream.body().end != Body::End::open, gap_signal(stream, "")};
}

// Reads until this event came, the stream ended or nothing came for a while.
void read_rest(Endpoint& endpoint, EventStream& stream, std::string const& last) {
  std::size_t before = 0;
  do {
    before = stream.body().content.size();
  } while (!stream.await(last, Deadline::in(endpoint.settings().delivery_s)) &&
           stream.body().content.size() > before);
}

// The reader comes back with the last id that it read, unless that is the last one there is.
void come_back(Endpoint& endpoint, Url const& url, EventStream const& before,
               std::vector<std::string> const& markers, Stall& stall) {
  auto const cursor = before.sse().last_event_id;
  stall.has_ids = !cursor.empty();
  stall.resumed = stall.reader;
  if (cursor.empty() || before.sse().find(markers.back())) return;
  auto again = resume(endpoint, url, cursor);
  read_rest(endpoint, again, markers.back());
  stall.resumed.came = count(markers, {&before, &again});
  if (auto signal = gap_signal(again, cursor); !signal.empty()) stall.resumed.signal = signal;
}

Stall stall_readers(Endpoint& endpoint) {
  auto live = live_channel(endpoint);
  std::vector<EventStream> others;
  for (int i = 1; i < endpoint.settings().reconnect.stalled; ++i)
    others.push_back(open_stream(endpoint, live.channel.url));
  Stall stall;
  auto const markers = publish_much(endpoint, live.channel, stall);
  read_rest(endpoint, live.stream, markers.back());
  stall.reader = outcome(live.stream, markers);
  come_back(endpoint, live.channel.url, live.stream, markers, stall);
  return stall;
}

}  // namespace

std::shared_ptr<Stall const> stalled_readers(Endpoint& endpoint) {
  return endpoint.once<Stall>("stalled readers", [&endpoint] { return stall_readers(endpoint); });
}

}  // namespace pushlab::conformance

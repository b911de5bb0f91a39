#include "tests/conformance/proxy/probe/flow.hpp"

#include <poll.h>

#include <algorithm>
#include <future>
#include <map>

#include "tests/conformance/proxy/probe/upgrade.hpp"
#include "tests/conformance/proxy/via.hpp"
#include "tests/conformance/wire/event_stream.hpp"

namespace pushlab::conformance {
namespace {

// What one listener heard.
struct Heard {
  std::string answer;
  std::string coding;
  std::vector<std::pair<std::string, Instant>> messages;

  std::optional<Instant> arrival_of(std::string const& marker) const {
    for (auto const& [text, when] : messages) {
      if (text.find(marker) != std::string::npos) return when;
    }
    return {};
  }
};

Heard hear_stream(Url const& url, Request const& request, Instant until) {
  Heard heard;
  try {
    EventStream stream(url, request, Deadline::at(until));
    heard.answer = stream.head().status_line();
    heard.coding = stream.head().value("Content-Encoding");
    stream.read(Deadline::at(until), [](SseStream const&) { return false; });
    for (auto const* event : stream.sse().events())
      heard.messages.emplace_back(event->data, event->at);
  } catch (WireError const& error) {
    heard.answer = error.what();
  }
  return heard;
}

// The marker is the end of a message, so its arrival is the message's: no frame need be read.
Heard hear_socket(Url const& url, Request const& request, Instant until) {
  Heard heard;
  try {
    Connection connection(url, Deadline::at(until));
    connection.send(handshake(request).bytes(url), Deadline::at(until));
    heard.answer = read_head(connection, Deadline::at(until)).status_line();
    std::string text;
    while (true) {
      auto arrival = connection.receive(Deadline::at(until));
      if (arrival.kind != Arrival::Kind::bytes) break;
      text += arrival.bytes;
      heard.messages.emplace_back(text, arrival.at);
      if (text.size() > 256) text.erase(0, text.size() - 256);
    }
  } catch (WireError const& error) {
    heard.answer = error.what();
  }
  return heard;
}

// One size of events: who listens to them, and what was sent.
struct Lane {
  std::size_t size;
  Endpoint::Channel channel;
  std::future<Heard> past;
  std::vector<std::future<Heard>> through;  // plain, then coded
  std::vector<std::string> markers;
};

Lane open_lane(Endpoint& endpoint, std::size_t size, Instant until) {
  Lane lane{size, endpoint.channel(), {}, {}, {}};
  bool const socket = endpoint.strategy() == Strategy::websocket;
  auto const hear = socket ? hear_socket : hear_stream;
  auto const plain = endpoint.request();
  auto coded = plain;
  coded.with("Accept-Encoding", "gzip, deflate, br, zstd");
  lane.past =
      std::async(std::launch::async, hear, past_proxy(endpoint, lane.channel.name), plain, until);
  lane.through.push_back(std::async(std::launch::async, hear, lane.channel.url, plain, until));
  if (!socket)
    lane.through.push_back(std::async(std::launch::async, hear, lane.channel.url, coded, until));
  return lane;
}

Instant after(Instant when, double seconds) {
  return when + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

void let_pass(Deadline const& deadline) {
  while (!deadline.over()) ::poll(nullptr, 0, deadline.left_ms());
}

// Letters in no order, so that no coding shrinks an event to nothing; the marker last.
std::string text_of(std::size_t size, std::string const& marker) {
  std::string text;
  for (unsigned n = 1; text.size() + marker.size() < size; n = n * 1103515245 + 12345)
    text += static_cast<char>('a' + (n >> 16) % 26);
  return text + marker;
}

Flow compare(Heard const& past, Heard const& through, Lane const& lane, bool coded) {
  Flow flow;
  flow.size = lane.size;
  flow.coded = coded;
  flow.answer = through.answer;
  flow.coding = through.coding;
  std::map<Instant, std::size_t> arrivals;
  for (auto const& marker : lane.markers) {
    auto const first = past.arrival_of(marker);
    if (!first)
      throw Skip("the endpoint itself did not deliver what was published: " + past.answer);
    auto const then = through.arrival_of(marker);
    flow.last_came = then.has_value();
    if (!then) {
      ++flow.missing;
      continue;
    }
    flow.last_s = std::max(0.0, seconds_between(*first, *then));
    flow.delays_s.push_back(flow.last_s);
    flow.most_at_once = std::max(flow.most_at_once, ++arrivals[*then]);
  }
  return flow;
}

}  // namespace

Url past_proxy(Endpoint& endpoint, std::string const& name) {
  auto text = endpoint.via().direct;
  constexpr std::string_view placeholder = "{events}";
  if (auto const found = text.find(placeholder); found != std::string::npos)
    text.replace(found, placeholder.size(), name);
  return Url::parse(text);
}

double Flow::median_s() const {
  auto sorted = delays_s;
  std::sort(sorted.begin(), sorted.end());
  return sorted.empty() ? 0 : sorted[sorted.size() / 2];
}

double Flow::most_s() const {
  return delays_s.empty() ? 0 : *std::max_element(delays_s.begin(), delays_s.end());
}

Verdict Flow::verdict(Settings::Proxy const& limits) const {
  if (missing > 0 || delays_s.empty() || median_s() > limits.delay_warn_s) return Verdict::fail;
  return median_s() > limits.delay_pass_s ? Verdict::warn : Verdict::pass;
}

std::vector<Flow> measure_flow(Endpoint& endpoint) {
  auto const& limits = endpoint.settings().proxy;
  auto const first = after(Clock::now(), limits.settle_s);
  auto const last = after(first, limits.event_gap_s * limits.events);
  auto const until = after(last, limits.pause_s);
  std::vector<Lane> lanes;
  for (auto const size : {limits.small, limits.large})
    lanes.push_back(open_lane(endpoint, size, until));
  for (int i = 0; i < limits.events; ++i) {
    for (std::size_t k = 0; k < lanes.size(); ++k) {
      auto const turn = i + static_cast<double>(k) / static_cast<double>(lanes.size());
      let_pass(Deadline::at(after(first, limits.event_gap_s * turn)));
      auto& lane = lanes[k];
      lane.markers.push_back(endpoint.marker());
      endpoint.publish(lane.channel, text_of(lane.size, lane.markers.back()));
    }
  }
  std::vector<Flow> flows;
  for (auto& lane : lanes) {
    auto const past = lane.past.get();
    bool coded = false;
    for (auto& through : lane.through) {
      flows.push_back(compare(past, through.get(), lane, coded));
      coded = true;
    }
  }
  return flows;
}

FirstAnswer first_answer(Endpoint& endpoint, Url const& url) {
  auto request = endpoint.request();
  if (endpoint.strategy() == Strategy::websocket) request = handshake(request);
  try {
    Exchange exchange(url, request, endpoint.answer_deadline());
    return {exchange.head().status_line(), true, exchange.head_after_s()};
  } catch (WireError const& error) {
    return {error.what(), false, endpoint.settings().answer_s};
  }
}

}  // namespace pushlab::conformance

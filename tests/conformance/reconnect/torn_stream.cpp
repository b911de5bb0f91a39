#include "tests/conformance/reconnect/torn_stream.hpp"

#include <map>
#include <random>
#include <thread>

#include "tests/conformance/engine/live_channel.hpp"
#include "tests/conformance/reconnect/gap_signal.hpp"

namespace pushlab::conformance {
namespace {

constexpr double own_life_s = 20;  // how long an endpoint's own events are waited for
constexpr std::size_t few_events = 5;

// What tells an event from all others, as far as both clients see it.
std::string key_of(SseBlock const& event) {
  return event.id + " " + event.data;
}

void publish_until(Endpoint& endpoint, Endpoint::Channel const& channel, double events_per_s,
                   std::stop_token const& stop) {
  auto const pause =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / events_per_s));
  auto const begin = Clock::now();
  for (int i = 1; !stop.stop_requested(); ++i) {
    try {
      endpoint.post(channel, notification(channel.name, "1", endpoint.marker()));
    } catch (WireError const&) {
      return;
    }
    std::this_thread::sleep_until(begin + pause * i);
  }
}

// The client that is cut.
class Client {
 public:
  Client(Endpoint& endpoint, Url url, std::string cursor)
      : endpoint_(endpoint), url_(std::move(url)), cursor_(std::move(cursor)) {}

  // Reads at least so many bytes, has no use for more, and cuts the connection.
  void read_and_cut(std::size_t bytes) {
    auto stream = resume(endpoint_, url_, cursor_);
    auto const deadline = Deadline::in(endpoint_.settings().reconnect.signal_s);
    stream.read(deadline, [bytes](SseStream const& sse) { return sse.size >= bytes; });
    take(stream, std::string_view(stream.text()).substr(0, bytes));
    stream.exchange().connection().reset();
  }

  // Reads on until this event came.
  void read_until(std::string const& key) {
    auto stream = resume(endpoint_, url_, cursor_);
    stream.read(Deadline::in(endpoint_.settings().delivery_s), [&key](SseStream const& sse) {
      return !sse.blocks.empty() && key_of(sse.blocks.back()) == key;
    });
    take(stream, stream.text());
  }

  std::vector<std::string> const& keys() const { return keys_; }
  std::string const& signal() const { return signal_; }

 private:
  void take(EventStream const& stream, std::string_view text) {
    SseReader reader;
    reader.feed(text, Clock::now());
    for (auto const* event : reader.stream().events()) {
      if (event->has_id) keys_.push_back(key_of(*event));
    }
    if (signal_.empty()) signal_ = gap_signal(stream.head(), reader.stream(), cursor_);
    if (!reader.stream().last_event_id.empty()) cursor_ = reader.stream().last_event_id;
  }

  Endpoint& endpoint_;
  Url url_;
  std::string cursor_;
  std::vector<std::string> keys_;
  std::string signal_;
};

// What the client missed, got twice or in another order of `expected`.
Torn compared(std::vector<std::string> const& expected, Client const& client) {
  Torn torn;
  torn.events = expected.size();
  torn.signal = client.signal();
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < expected.size(); ++i) place[expected[i]] = i;
  std::vector<int> count(expected.size());
  std::size_t last = 0;
  for (auto const& key : client.keys()) {
    auto const at = place.find(key);
    if (at == place.end()) continue;  // of this connection only, like a greeting
    if (++count[at->second] == 2) torn.twice.push_back(key);
    torn.in_order = torn.in_order && (count[at->second] > 1 || at->second >= last);
    last = at->second;
  }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (count[i] == 0) torn.missing.push_back(expected[i]);
  }
  return torn;
}

// Reads on in the stream that is left alone; the keys of its events behind the first `seen` blocks.
std::vector<std::string> keys_behind(EventStream& stream, std::size_t seen) {
  std::vector<std::string> keys;
  for (auto i = seen; i < stream.sse().blocks.size(); ++i) {
    auto const& block = stream.sse().blocks[i];
    if (block.is_event() && block.has_id) keys.push_back(key_of(block));
  }
  return keys;
}

}  // namespace

Torn tear(Endpoint& endpoint, Tear const& how) {
  auto const channel = endpoint.channel();
  auto control = open_stream(endpoint, channel.url);
  if (endpoint.has_publisher())
    until_live(endpoint, channel, control);
  else
    control.read(Deadline::in(own_life_s),
                 [](SseStream const& sse) { return !sse.last_event_id.empty(); });
  auto const cursor = control.sse().last_event_id;
  if (cursor.empty()) throw Skip("no event with an id came: see RECON-01");
  auto const seen = control.sse().blocks.size();
  Client client(endpoint, channel.url, cursor);
  {
    std::jthread publisher;
    if (endpoint.has_publisher())
      publisher = std::jthread([&](std::stop_token const& stop) {
        publish_until(endpoint, channel, how.events_per_s, stop);
      });
    std::mt19937 random(1);
    std::uniform_int_distribution<std::size_t> bytes(1, how.most_bytes);
    auto const deadline = Deadline::in(own_life_s);
    for (int i = 0; i < how.cuts && !deadline.over(); ++i) {
      client.read_and_cut(bytes(random));
      control.listen(0);  // or it would become a slow reader
    }
  }
  control.listen(endpoint.settings().still_open_s);
  auto const expected = keys_behind(control, seen);
  if (expected.size() < few_events) throw Skip("the endpoint sent no events to compare");
  client.read_until(expected.back());
  return compared(expected, client);
}

}  // namespace pushlab::conformance

#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/compression/codings.hpp"
#include "tests/conformance/compression/extension.hpp"
#include "tests/conformance/compression/sections.hpp"
#include "tests/conformance/engine/capture.hpp"

namespace pushlab::conformance {
namespace {

constexpr auto bare_offer = "permessage-deflate";

// A stream or WebSocket that is read as bytes, compressed when asked for and possible.
class Line {
 public:
  // Throws Skip when it is to be compressed and is not.
  Line(Endpoint& endpoint, Url const& url, bool compressed) {
    if (endpoint.strategy() == Strategy::websocket) {
      socket_.emplace(compressed ? open_deflate(endpoint, url, bare_offer)
                                 : DeflatePeer{open_websocket(endpoint, url), {}});
    } else {
      auto const coding = compressed ? std::optional(used_codings(endpoint).front()) : std::nullopt;
      if (coding) answer_in(endpoint, *coding);  // skips where no head comes
      stream_.emplace(open_stream(endpoint, url, request_for(endpoint, coding)));
    }
  }

  bool await(std::string const& marker, Deadline const& deadline) {
    return socket_ ? socket_->peer.await(marker, deadline) != nullptr
                   : stream_->await(marker, deadline) != nullptr;
  }
  // All that came, without the framing of chunks or messages.
  std::string wire() const {
    if (stream_) return stream_->body().content;
    std::string all;
    for (auto const& message : socket_->peer.log().messages) all += message.wire;
    return all;
  }

 private:
  std::optional<EventStream> stream_;
  std::optional<DeflatePeer> socket_;
};

// The bytes in which an event with this text comes on each of the lines.
std::vector<std::string> bytes_of_event(Endpoint& endpoint, Endpoint::Channel const& channel,
                                        std::string const& text, std::vector<Line*> const& lines) {
  std::vector<std::size_t> before;
  for (auto const* line : lines) before.push_back(line->wire().size());
  auto const marker = endpoint.marker();
  endpoint.publish(channel, text + marker);
  std::vector<std::string> bytes;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i]->await(marker, Deadline::in(endpoint.settings().delivery_s)))
      throw Skip("an event does not come in time: see COMP-03");
    bytes.push_back(lines[i]->wire().substr(before[i]));
  }
  return bytes;
}

std::int64_t memory_for(Endpoint& endpoint, bool compressed, std::vector<Line>& lines) {
  auto const channel = endpoint.channel();
  auto const before = endpoint.process().rss_bytes();
  for (int i = 0; i < endpoint.settings().compression.connections; ++i)
    lines.emplace_back(endpoint, channel.url, compressed);
  if (endpoint.has_publisher()) bytes_of_event(endpoint, channel, noise(1000), {&lines.back()});
  return endpoint.process().rss_bytes() - before;
}

Finding states_its_memory(Endpoint& endpoint) {
  std::vector<Line> lines;
  auto const plain = memory_for(endpoint, false, lines);
  auto const compressed = memory_for(endpoint, true, lines);
  auto const count = endpoint.settings().compression.connections;
  return info(fmt::format("{:.1f} KiB for a compressed connection, {:.1f} for a plain one",
                          static_cast<double>(compressed) / 1024 / count,
                          static_cast<double>(plain) / 1024 / count));
}

Finding keeps_secrets_apart(Endpoint& endpoint) {
  auto const channel = endpoint.channel();
  Line line(endpoint, channel.url, true);
  auto const text = noise(2000);
  auto const first = bytes_of_event(endpoint, channel, text, {&line}).front().size();
  auto const second = bytes_of_event(endpoint, channel, text, {&line}).front().size();
  auto const seen = fmt::format("the same text in {} bytes, then in {}", first, second);
  if (second * 2 > first) return pass(seen + ": no context is kept");
  auto const has_credentials =
      std::any_of(endpoint.fields().begin(), endpoint.fields().end(), [](Field const& field) {
        auto const name = lower(field.name);
        return name == "cookie" || name == "authorization" || name == "x-api-key";
      });
  if (!has_credentials) return info(seen + ": context is kept; harmless where all is public");
  return warn("no shared context on a user's own stream: lengths tell secrets (BREACH)", seen);
}

Finding shares_its_bytes(Endpoint& endpoint) {
  auto const channel = endpoint.channel();
  Line early(endpoint, channel.url, true);
  // What only the early one's context knows.
  auto const text = noise(600);
  bytes_of_event(endpoint, channel, text, {&early});
  Line late(endpoint, channel.url, true);
  // The late one's first bytes are its own: its greeting, its coding's header.
  bytes_of_event(endpoint, channel, noise(500), {&early, &late});
  auto const bytes = bytes_of_event(endpoint, channel, text, {&early, &late});
  return info(bytes[0] == bytes[1] ? "an event is the same bytes for all, early and late"
                                   : "each connection has bytes of its own");
}

}  // namespace

std::vector<Case> compression_cost_cases() {
  using enum Level;
  using enum Severity;
  std::vector<Strategy> const streams{Strategy::sse, Strategy::websocket};
  return {
      not_testable(
          {"COMP-09", "middlemen keep no-transform", "RFC 9111 5.2.2.6", url, minor, over_http()},
          "who has coded an answer, the origin or a middleman, cannot be told from "
          "outside: compare the runs with and without --via"),
      {{"COMP-10", "what a compressor costs in memory is known", "zlib's manual", process, major,
        streams},
       states_its_memory,
       {.limit_s = 60, .alone = true}},
      {{"COMP-11", "secrets and text of others do not share a context", "BREACH", publish, major,
        streams},
       keeps_secrets_apart},
      {{"COMP-21", "whether an event is compressed once for all", "product", publish, major,
        streams},
       shares_its_bytes},
  };
}

}  // namespace pushlab::conformance

#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tests/conformance/engine/publisher.hpp"
#include "tests/conformance/testing/scripted_hub.hpp"
#include "tests/conformance/testing/scripted_server.hpp"

namespace pushlab::conformance {

using testing::Asked;
using testing::Peer;

// An answer of unknown length: chunked, or for a client of HTTP/1.0 ended by the close.
class Reply {
 public:
  Reply(Peer& peer, Asked const& asked, std::vector<std::string> const& head);
  void send(std::string_view text);
  std::string framed(std::string_view text) const;  // as send() would send it

 private:
  Peer& peer_;
  bool chunked_;
};

// The checker's own server behind a proxy. Probes tell it how to answer, and see what reaches it.
// It is a plain push endpoint, too: what is posted goes out on /events.
class Origin final : public Publisher {
 public:
  // `head`: the lines of a stream's answer beside its framing.
  explicit Origin(std::vector<std::string> head);

  // It listens from the start and accepts from here on, on threads of its own: children are
  // started in between.
  void begin() { server_.begin(); }
  int port() const { return server_.port(); }
  std::string url(std::string_view target) const { return server_.url(target); }
  std::vector<std::string> const& head() const { return head_; }
  static constexpr std::string_view events_target = "/events?events={events}";

  // Answers requests of a path of its own by `talk`, and returns the path. What the talk uses must
  // live as long as the origin.
  using Talk = std::function<void(Peer&, Asked const&)>;
  std::string serve(Talk talk);

  Publisher::Answer post(std::string const& name, std::string const& body,
                         Deadline const& deadline) override;

 private:
  void talk(Peer& peer);
  void answer(Peer& peer, Asked const& asked);
  void stream(Peer& peer, Asked const& asked);

  std::vector<std::string> head_;
  testing::ScriptedHub hub_;
  std::mutex mutex_;
  std::deque<Talk> talks_;          // of /probe/0, /probe/1 ...
  testing::ScriptedServer server_;  // last: its threads use the others
};

}  // namespace pushlab::conformance

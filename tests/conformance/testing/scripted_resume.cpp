#include "tests/conformance/testing/scripted_resume.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace pushlab::conformance::testing {
namespace {

std::string query_value(std::string const& target, std::string const& name) {
  auto const at = target.find("&" + name + "=");
  if (name.empty() || at == std::string::npos) return {};
  auto const value = target.substr(at + name.size() + 2);
  return value.substr(0, value.find('&'));
}

std::string cursor_of(Asked const& asked, Resume const& script) {
  auto const header = asked.value("Last-Event-ID");
  auto const query = query_value(asked.target, script.parameter);
  if (header.empty() || (script.query_wins && !query.empty())) return query;
  return header;
}

// The number of events that the cursor has seen; empty when it is not known any more.
std::optional<std::size_t> place_of(std::string const& cursor, std::size_t count,
                                    Resume const& script) {
  auto const before = script.epoch + "-";
  auto const digits = cursor.substr(std::min(before.size(), cursor.size()));
  bool const number = !digits.empty() && digits.size() < 10 &&
                      digits.find_first_not_of("0123456789") == std::string::npos;
  if (!cursor.starts_with(before) || !number) return {};
  auto const place = std::stoul(digits);
  if (place > count || count - place > script.history) return {};
  return place;
}

struct Begin {
  std::size_t next;
  std::string text;  // before the first event
};

Begin begin_of(Asked const& asked, std::size_t count, Resume const& script) {
  auto const cursor = cursor_of(asked, script);
  auto const place = place_of(cursor, count, script);
  Begin begin{count, {}};
  if (place && script.replays)
    begin.next = static_cast<std::size_t>(
        std::clamp(static_cast<int>(*place) + script.off, 0, static_cast<int>(count)));
  auto const id = fmt::format("id: {}-{}\n", script.epoch, begin.next);
  if (script.greets) begin.text = script.retry + id + "event: hello\ndata: {}\n\n";
  if (!cursor.empty() && !place && !script.reset.empty())
    begin.text += fmt::format("{}event: {}\ndata: {{}}\n\n", id, script.reset);
  return begin;
}

}  // namespace

ScriptedServer::Talk resumes(ScriptedHub& hub, Resume const& script) {
  return [&hub, &script](Peer& peer) {
    auto const asked = peer.read_request();
    if (!asked || hub.closed()) return;
    auto const count = hub.count();
    auto [next, greeting] = begin_of(*asked, count, script);
    peer.begin_stream();
    if (!greeting.empty()) peer.send_chunk(greeting);
    while (auto const post = hub.await(next, peer)) {
      bool const replayed = next <= count;
      if (!asks_for(*asked, post->name) && !(replayed && script.mixes_up)) continue;
      peer.send_chunk(
          script.event(fmt::format("{}-{}", script.epoch, next), payload_of(*post), replayed));
    }
    peer.send_last_chunk();
  };
}

}  // namespace pushlab::conformance::testing

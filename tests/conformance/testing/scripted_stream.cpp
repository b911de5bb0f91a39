#include "tests/conformance/testing/scripted_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "tests/conformance/wire/http_message.hpp"

namespace pushlab::conformance::testing {

ScriptedServer::Talk streams(std::string text) {
  return each_request([text = std::move(text)](Peer& peer, Asked const&) {
    peer.begin_stream();
    peer.send_chunk(text);
    peer.hold();
  });
}

ScriptedServer::Talk pushes(ScriptedHub& hub, Frame frame, std::string farewell) {
  return [&hub, frame = std::move(frame), farewell = std::move(farewell)](Peer& peer) {
    auto const asked = peer.read_request();
    if (!asked || hub.closed()) return;
    auto next = hub.count();
    peer.begin_stream();
    while (auto const post = hub.await(next, peer)) {
      if (!asks_for(*asked, post->name)) continue;
      auto const text = frame(*post, next - 1);
      if (!text.empty()) peer.send_chunk(text);
    }
    if (!farewell.empty()) peer.send_chunk(farewell);
    peer.send_last_chunk();
  };
}

bool asks_for(Asked const& asked, std::string const& name) {
  auto const names = split_list(asked.target.substr(asked.target.find('=') + 1), ',');
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string sse_event(std::size_t id, std::string const& text) {
  auto event = fmt::format("id: {}\nevent: db\ndata: ", id);
  for (std::size_t at = 0; at < text.size(); ++at) {
    bool const cr = text[at] == '\r';
    if (cr && text.substr(at + 1, 1) == "\n") ++at;
    if (cr || text[at] == '\n')
      event += "\ndata: ";
    else
      event += text[at];
  }
  return event + "\n\n";
}

std::string payload_of(ScriptedHub::Post const& post) {
  boost::json::error_code wrong;
  auto const value = boost::json::parse(post.body, wrong);
  auto const* data = wrong || !value.is_object() ? nullptr : value.as_object().if_contains("data");
  if (!data || !data->is_string()) return post.body;
  auto const& text = data->as_string();
  return {text.data(), text.size()};
}

}  // namespace pushlab::conformance::testing

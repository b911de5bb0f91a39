#pragma once

#include <functional>
#include <string>

#include "tests/conformance/testing/scripted_hub.hpp"
#include "tests/conformance/testing/scripted_server.hpp"

namespace pushlab::conformance::testing {

// A faultless stream that sends this in one chunk and is quiet from then on.
ScriptedServer::Talk streams(std::string text);

// What `number` (from 0, of all posts to the hub) becomes on the wire; sent as one chunk.
using Frame = std::function<std::string(ScriptedHub::Post const& post, std::size_t number)>;

// An SSE endpoint: what is posted to a name that the target asks for (?events=name,name) goes out
// as the frame says. When the hub is closed `farewell` goes out and the stream ends in order.
ScriptedServer::Talk pushes(ScriptedHub& hub, Frame frame, std::string farewell = {});

// Whether the target asks for this name.
bool asks_for(Asked const& asked, std::string const& name);
// id, event and one data line for each line of the text, whatever its line ends are.
std::string sse_event(std::size_t id, std::string const& text);
// The member "data" of a notification, or the whole body when it is none.
std::string payload_of(ScriptedHub::Post const& post);

}  // namespace pushlab::conformance::testing

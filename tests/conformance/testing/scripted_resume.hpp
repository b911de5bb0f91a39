#pragma once

#include <functional>
#include <string>

#include "tests/conformance/testing/scripted_stream.hpp"

namespace pushlab::conformance::testing {

// An SSE endpoint that resumes by ids like "a-7": a is its epoch, 7 the number of the event. Change
// what the test wants to be wrong.
struct Resume {
  std::string epoch = "a";
  std::size_t history = 1'000'000;  // events that are still known
  bool greets = true;               // begins with the cursor in a block of its own
  std::string reset = "reset";      // the event that says that a cursor is lost; empty: silence
  std::string parameter = "lastEventId";
  bool query_wins = false;
  int off = 0;             // begins so many events behind the right one
  bool mixes_up = false;   // replays the events of all names
  bool replays = true;     // else it begins with what is new, as if nothing were missed
  std::string retry = "";  // retry field of the greeting
  // How an event is written; `replayed` when it was published before the connection began.
  std::function<std::string(std::string const& id, std::string const& payload, bool replayed)>
      event = [](std::string const& id, std::string const& payload, bool) {
        return sse_event(id, payload);
      };
};

// `script` may change between two requests. A closed hub ends the streams, in order.
ScriptedServer::Talk resumes(ScriptedHub& hub, Resume const& script);

}  // namespace pushlab::conformance::testing

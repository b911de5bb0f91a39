#pragma once

#include <memory>
#include <string>

#include "tests/conformance/engine/endpoint.hpp"
#include "tests/conformance/engine/finding.hpp"
#include "tests/conformance/testing/scripted_hub.hpp"
#include "tests/conformance/testing/scripted_server.hpp"

namespace pushlab::conformance::testing {

// Settings with which the cases of a unit test take fractions of a second.
Settings fast_settings();

// An SSE endpoint on the scripted server, with fast settings; change what the test needs.
Endpoint::Given given(ScriptedServer const& server);
// With the hub as its publisher and a channel of its own for each name (/stream?events=..).
Endpoint::Given given(ScriptedServer const& server, ScriptedHub& hub);

// Runs the case of this id in the catalogue as the command does. Throws when the case broke off by
// an exception: that is no verdict of the rule, and a test must not take it for one.
Finding checked(std::string const& id, Endpoint& endpoint);
Finding checked(std::string const& id, Endpoint::Given given);
Finding checked(std::string const& id, ScriptedServer::Talk talk);  // an L0 rule

}  // namespace pushlab::conformance::testing

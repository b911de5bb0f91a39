#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/engine/finding.hpp"
#include "tests/conformance/engine/upgrade.hpp"
#include "tests/conformance/engine/verdicts.hpp"

namespace pushlab::conformance {

// Bytes that a client sends on a WebSocket of their own, and what a server must make of them.
struct Trial {
  std::string what;
  std::string bytes;
  std::vector<unsigned> codes = {};  // refused with one of these; empty: accepted
  bool message = true;               // has data frames, which the endpoint may refuse altogether
};

// Sends all of them side by side. Refused: a close frame came; with another code, or when TCP just
// ended, it is a warning. Accepted: a ping behind the bytes was answered. Trials of messages are
// judged leniently where the endpoint takes no messages, and not at all when all would have to be
// accepted.
Finding judge(Endpoint& endpoint, std::vector<Trial> const& trials, Request const& request);
Finding judge(Endpoint& endpoint, std::vector<Trial> const& trials);

// The code with which the endpoint refuses a faultless text message, 1006 when it just cuts; empty
// when it takes it. Found out once.
std::optional<unsigned> message_refusal(Endpoint& endpoint);

}  // namespace pushlab::conformance

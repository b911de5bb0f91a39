#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/engine/finding.hpp"
#include "tests/conformance/engine/upgrade.hpp"

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

// The verdict over several observations: the worst, with what was seen in each of the worst kind.
class Verdicts {
 public:
  void good() { ++good_; }
  void soft(std::string seen) { soft_.push_back(std::move(seen)); }
  void bad(std::string seen) { bad_.push_back(std::move(seen)); }
  Finding finding(std::string const& expected, std::string const& good) const;

 private:
  std::size_t good_ = 0;
  std::vector<std::string> soft_;
  std::vector<std::string> bad_;
};

}  // namespace pushlab::conformance

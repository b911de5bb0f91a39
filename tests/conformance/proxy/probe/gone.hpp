#pragma once

#include <optional>
#include <string>

#include "tests/conformance/engine/finding.hpp"
#include "tests/conformance/engine/settings.hpp"
#include "tests/conformance/proxy/via.hpp"

namespace pushlab::conformance {

enum class Ending { fin, rst };

// Whether the origin learns that the client has gone.
struct Gone {
  bool reached = false;           // the request came to the origin
  std::optional<double> after_s;  // until it knew; empty: not in the time given
  bool by_write = false;          // it had to write to notice
  Verdict verdict_idle() const;
  Verdict verdict_busy(Settings::Proxy const& limits) const;
};

// A client that leaves while nothing is sent. When the origin is not told in told_idle_s, it sends
// an event each event_gap_s to see whether a write tells it.
Gone leave_idle(Origin& origin, Url const& front, Ending how, Settings const& settings);
// A client that leaves a stream with an event each event_gap_s.
Gone leave_busy(Origin& origin, Url const& front, Ending how, Settings const& settings);

// The bytes that the origin could send to a client that does not read, at most stall_most.
struct Stalled {
  bool reached = false;
  std::size_t bytes = 0;
};
Stalled stall(Origin& origin, Url const& front, Settings const& settings);

// What the client sees when the origin dies in the middle of an event.
struct Death {
  std::string answer;    // the status line, or why there is none
  bool visible = false;  // no orderly end of a 200
  std::string end;       // how it ended, in words
};
Death die(Origin& origin, Url const& front, Ending how, Settings const& settings);

}  // namespace pushlab::conformance

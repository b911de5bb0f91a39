#pragma once

#include <string>
#include <vector>

#include "tests/conformance/engine/endpoint.hpp"

namespace pushlab::conformance {

// The endpoint's URL past the proxy, subscribed to this name.
Url past_proxy(Endpoint& endpoint, std::string const& name);

// How events came through the proxy, each beside the same event past it.
struct Flow {
  std::size_t size = 0;          // of an event's text
  bool coded = false;            // content codings were offered
  std::string answer;            // the status line, or why there is none
  std::string coding;            // the Content-Encoding that was chosen
  std::vector<double> delays_s;  // added to each event that came, in their order
  int missing = 0;               // events that did not come while they were sent
  std::size_t most_at_once = 0;  // events in one arrival
  bool last_came = false;        // before the pause behind it was over
  double last_s = 0;             // the delay added to it

  double median_s() const;
  double most_s() const;
  Verdict verdict(Settings::Proxy const& limits) const;
};

// Sends events of two sizes, one each a turn, to streams past the proxy and through it, the latter
// with and without Accept-Encoding (a WebSocket: without). Throws Skip when the endpoint itself
// does not deliver them.
std::vector<Flow> measure_flow(Endpoint& endpoint);

// What a stream through the proxy answered on a channel on which nothing is published.
struct FirstAnswer {
  std::string answer;  // the status line, or why there is none
  bool came = false;
  double after_s = 0;
};
FirstAnswer first_answer(Endpoint& endpoint, Url const& url);

}  // namespace pushlab::conformance

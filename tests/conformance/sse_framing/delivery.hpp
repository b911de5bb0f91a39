#pragma once

#include <string>
#include <vector>

#include "tests/conformance/engine/endpoint.hpp"
#include "tests/conformance/wire/sse_reader.hpp"

namespace pushlab::conformance {

// What became of one payload that was published on a live channel.
struct Delivery {
  std::string payload;
  Publisher::Answer answer;      // when it is a refusal, nothing below is filled in
  bool raw = true;               // taken as it was; otherwise as "data" of a notification
  std::vector<SseBlock> blocks;  // all that came before the event that was published behind it
  std::vector<SseLine> lines;    // the lines of these blocks
  std::string loss;              // why the event behind it did not come

  // The first block whose data is the payload, or JSON that holds it; null when there is none.
  SseBlock const* carrier() const;
  std::string shown() const;  // the lines as they came, for a person
};

// Publishes the payload as it is and, when the endpoint takes JSON only, inside a notification with
// every kind of line end between its tokens. On a channel that other cases use, too, only blocks
// that hold `mine` count.
Delivery deliver(Endpoint& endpoint, std::string const& payload, std::string const& mine);
// The same; throws Skip when the payload was refused.
Delivery delivered(Endpoint& endpoint, std::string const& payload, std::string const& mine);

// Whether the data is the text with LF for every line end, or JSON in which a string is the text.
bool carries(std::string const& data, std::string const& text);

}  // namespace pushlab::conformance

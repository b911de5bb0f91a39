#pragma once

#include <optional>
#include <string>

#include "tests/conformance/engine/settings.hpp"
#include "tests/conformance/proxy/via.hpp"

namespace pushlab::conformance {

// Many streams on one HTTP/2 connection, and what the cancel of one does to the others.
struct Multiplex {
  int asked = 0;                 // no more than the proxy's SETTINGS allow
  int began = 0;                 // had their first event
  int went_on = 0;               // had another one after the cancel, the cancelled one left out
  std::optional<double> told_s;  // until the origin knew of the cancel
  std::string error;             // why it ended early
};
Multiplex multiplex(Origin& origin, Url const& h2_front, Settings const& settings);

}  // namespace pushlab::conformance

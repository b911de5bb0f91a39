#pragma once

#include <string>
#include <string_view>

namespace pushlab::driver {

// A service level objective: "p99<=250ms" and nothing lost.
struct Slo {
  std::string figure;   // as it was given: "p99"
  std::string metric;   // its id in a result: "latency_p99_ms"
  double limit_ms = 0;  // it may be as large as this
  std::string text() const;
  double events_wanted() const;  // that the figure should rest on
};

// Throws InputError.
Slo parse_slo(std::string_view text);

}  // namespace pushlab::driver

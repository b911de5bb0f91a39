#pragma once

#include <string>
#include <vector>

#include "tests/conformance/engine/settings.hpp"
#include "tests/conformance/proxy/via.hpp"

namespace pushlab::conformance {

// What became of a second client's request while the first client's stream was open.
enum class Sharing {
  own,     // it reached the origin
  shared,  // it was answered with the first one's stream
  held     // it was neither answered nor passed on
};
// Two clients ask for a stream whose Cache-Control is this; empty: none.
Sharing ask_twice(Origin& origin, Url const& front, std::string const& cache_control,
                  Settings const& settings);

// What did not reach the origin as it was sent: a field, or the path with its query.
struct Change {
  std::string what;
  std::string sent;
  std::string arrived;  // empty: it did not
  std::string text() const;
};
std::vector<Change> changes(Origin& origin, Url const& front, Settings const& settings);

// How often a GET reached the origin that did not answer it for silent_s.
struct Repeats {
  int requests = 0;
  std::string answer;  // what the client got meanwhile: the status line, or in words
};
Repeats stay_silent(Origin& origin, Url const& front, Settings const& settings);

// How long a connection lives on which nothing is said.
enum class Silence { stream, poll, socket };
struct Idle {
  bool began = true;   // false: the upgrade did not pass
  bool ended = false;  // within idle_s
  double after_s = 0;
  std::string how;
};
Idle stay_idle(Origin& origin, Url const& front, Silence kind, Settings const& settings);

}  // namespace pushlab::conformance

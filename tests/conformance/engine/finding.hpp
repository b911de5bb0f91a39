#pragma once

#include <stdexcept>
#include <string>

namespace pushlab::conformance {

enum class Verdict { pass, fail, warn, info, skip };

std::string name_of(Verdict verdict);

// What a case found.
struct Finding {
  Verdict verdict = Verdict::skip;
  std::string expected;  // of a failure or warning: what should have been seen
  std::string seen;      // the bytes or times; why a case was skipped
  bool is_news = false;  // good to know for people, though it passed
  // "expected status 200; saw HTTP/1.1 404 Not Found", or `seen` alone.
  std::string reason() const;
};

Finding pass(std::string seen = {});
Finding with_news(Finding finding);
Finding fail(std::string expected, std::string seen);
Finding warn(std::string expected, std::string seen);
Finding info(std::string seen);
Finding skip(std::string why);

// Thrown where a case finds, deep in its helpers, that it has nothing to judge.
struct Skip : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace pushlab::conformance

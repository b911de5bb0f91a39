#include "tests/conformance/engine/finding.hpp"

#include "tests/conformance/engine/rule.hpp"

namespace pushlab::conformance {

std::string name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::warn:
      return "warn";
    case Verdict::info:
      return "info";
    default:
      return "skip";
  }
}

std::string name_of(Level level) {
  return level == Level::url ? "L0" : level == Level::publish ? "L1" : "L2";
}

std::string name_of(Severity severity) {
  return severity == Severity::critical ? "critical"
         : severity == Severity::major  ? "major"
                                        : "minor";
}

std::string name_of(Strategy strategy) {
  switch (strategy) {
    case Strategy::sse:
      return "sse";
    case Strategy::websocket:
      return "websocket";
    case Strategy::long_poll:
      return "long-poll";
    default:
      return "short-poll";
  }
}

std::string Finding::reason() const {
  return expected.empty() ? seen : "expected " + expected + "; saw " + seen;
}

Finding pass(std::string seen) {
  return {Verdict::pass, {}, std::move(seen)};
}

Finding with_news(Finding finding) {
  finding.is_news = true;
  return finding;
}

Finding fail(std::string expected, std::string seen) {
  return {Verdict::fail, std::move(expected), std::move(seen)};
}

Finding warn(std::string expected, std::string seen) {
  return {Verdict::warn, std::move(expected), std::move(seen)};
}

Finding info(std::string seen) {
  return {Verdict::info, {}, std::move(seen)};
}

Finding skip(std::string why) {
  return {Verdict::skip, {}, std::move(why)};
}

}  // namespace pushlab::conformance

#pragma once

#include <string>
#include <vector>

namespace pushlab::conformance {

// What the checker must be given for a rule: a URL; a way to publish, too; a hold on the process.
enum class Level { url, publish, process };  // L0, L1, L2

// Critical: events lost, mixed up or leaked, or a stream that browsers cannot use. Major: late,
// fragile or wasteful. Minor: advice.
enum class Severity { critical, major, minor };

enum class Strategy { sse, websocket, long_poll, short_poll };

// One line of the catalogue.
struct Rule {
  std::string id;           // "SSE-RESP-01": group, number
  std::string requirement;  // one line, what must hold
  std::string source;       // "HTML 9.2.3"
  Level level = Level::url;
  Severity severity = Severity::major;
  std::vector<Strategy> strategies{Strategy::sse};  // the endpoints it is about
};

std::string name_of(Level level);        // "L0"
std::string name_of(Severity severity);  // "critical"
std::string name_of(Strategy strategy);  // "long-poll"

}  // namespace pushlab::conformance

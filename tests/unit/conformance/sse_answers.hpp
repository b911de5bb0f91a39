#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/conformance/testing/checked.hpp"

namespace pushlab::conformance::testing {

using Lines = std::vector<std::string>;

inline Lines const good_lines{"Content-Type: text/event-stream",
                              "Cache-Control: no-store, no-transform", "X-Accel-Buffering: no"};

inline Lines operator+(Lines lines, std::string line) {
  lines.push_back(std::move(line));
  return lines;
}

// An answer as the tests of SSE-RESP script it; by default a faultless stream.
struct Answer {
  std::string status = "200 OK";
  Lines lines = good_lines;
  std::string text = ": welcome\n\n";
  bool stream = true;  // false: a body with its length, and the connection stays
};

inline Answer plain(std::string status, Lines lines = {}) {
  return {std::move(status), std::move(lines), "", false};
}

inline void give(Peer& peer, Asked const& asked, Answer answer) {
  bool const bodiless = asked.method == "HEAD" || answer.status.starts_with("204");
  bool const old = asked.version == "HTTP/1.0";
  if (!bodiless && answer.stream && !old) answer.lines.push_back("Transfer-Encoding: chunked");
  if (!bodiless && !answer.stream)
    answer.lines.push_back("Content-Length: " + std::to_string(answer.text.size()));
  peer.send_head(answer.status, answer.lines);
  if (bodiless) return;
  if (answer.stream && !old)
    peer.send_chunk(answer.text);
  else
    peer.send(answer.text);
  if (answer.stream) peer.hold();
}

// Answers each request by what the function makes of it.
inline ScriptedServer::Talk answering(std::function<Answer(Asked const&)> answer) {
  return each_request([answer = std::move(answer)](Peer& peer, Asked const& asked) {
    give(peer, asked, answer(asked));
  });
}

// One answer to all.
inline ScriptedServer::Talk always(Answer answer) {
  return answering([answer = std::move(answer)](Asked const&) { return answer; });
}

inline ScriptedServer::Talk with_lines(Lines lines) {
  return always({"200 OK", std::move(lines)});
}

inline Verdict verdict(std::string const& id, ScriptedServer::Talk talk) {
  return checked(id, std::move(talk)).verdict;
}

}  // namespace pushlab::conformance::testing

#include "tests/conformance/sse_parsing/sse_parsing.hpp"

namespace pushlab::conformance {
namespace {

// `where`: the test program that proves it.
Case about_clients(std::string id, std::string requirement, std::string source,
                   std::string const& where) {
  return not_testable({std::move(id), std::move(requirement), std::move(source)},
                      "not an endpoint's rule but a client's: proven by " + where);
}

}  // namespace

std::vector<Case> sse_parsing_cases() {
  // Of the load generator's parser; the checker's own reader is held to the same table of streams.
  auto const parser = "SseStream and SseParser in loadgen_test, SseTable in conformance_test";
  auto const one = [&](std::string id, std::string requirement, std::string source) {
    return about_clients(std::move(id), std::move(requirement), std::move(source), parser);
  };
  return {
      one("SSE-PARSE-01", "one byte order mark is dropped, at byte 0 only", "HTML 9.2.5"),
      one("SSE-PARSE-02", "CR, LF and CRLF end lines, mixed and split", "HTML 9.2.5"),
      one("SSE-PARSE-03", "a final CR ends its line at once", "HTML 9.2.5"),
      one("SSE-PARSE-04", "the chunking makes no difference", "HTML 9.2.5"),
      one("SSE-PARSE-05", "one space behind the colon is dropped, nothing else", "HTML 9.2.6"),
      one("SSE-PARSE-06", "no colon is an empty value; unknown names are ignored", "HTML 9.2.6"),
      one("SSE-PARSE-07", "data lines are joined by LF; empty data is an event", "HTML 9.2.6"),
      one("SSE-PARSE-08", "an id persists, and is committed by a blank line only", "HTML 9.2.6"),
      one("SSE-PARSE-09", "the last event field of a block wins", "HTML 9.2.6"),
      one("SSE-PARSE-10", "retry is digits, and acts with its line", "HTML 9.2.6"),
      one("SSE-PARSE-11", "a block that has not ended is dropped with its id", "HTML 9.2.6"),
      one("SSE-PARSE-12", "bad UTF-8 becomes U+FFFD and swallows no line end", "HTML 9.2.5"),
      one("SSE-PARSE-13", "comments change nothing, however many and long", "HTML 9.2.6"),
      about_clients("SSE-PARSE-14", "an unbounded line or event ends in a clear error", "practice",
                    "SseParser in loadgen_test"),
      about_clients("SSE-PARSE-15", "the request and the head are those of EventSource",
                    "HTML 9.2.3", "SseClient in loadgen_test and Load in load_test"),
      about_clients("SSE-PARSE-16", "a client comes back after the last retry", "HTML 9.2.3",
                    "Load in load_test and the browser tests"),
      about_clients("SSE-PARSE-17", "CORS, credentials and preflight", "Fetch",
                    "the browser tests; the server's side is SSE-RESP-12 to 17"),
  };
}

}  // namespace pushlab::conformance

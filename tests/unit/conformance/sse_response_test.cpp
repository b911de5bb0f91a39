#include <gtest/gtest.h>

#include "tests/conformance/testing/checked.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;

// Answers every request with this status line and nothing else.
ScriptedServer::Talk answers(std::string const& status) {
  return each_request([status](Peer& peer, Asked const&) {
    peer.send_head(status, {"Content-Type: text/event-stream", "Content-Length: 0"});
  });
}

ScriptedServer::Talk faultless() {
  return each_request([](Peer& peer, Asked const&) {
    peer.begin_stream();
    peer.send_chunk(": welcome\n\n");
    peer.hold();
  });
}

TEST(SseResponse, R01_any_other_status_than_200_fails) {
  EXPECT_EQ(checked("SSE-RESP-01", faultless()).verdict, Verdict::pass);
  for (auto const* status : {"201 Created", "204 No Content", "302 Found", "404 Not Found"})
    EXPECT_EQ(checked("SSE-RESP-01", answers(status)).verdict, Verdict::fail) << status;
}

}  // namespace
}  // namespace pushlab::conformance

#include "loadgen/client/sse_client.hpp"

#include <gtest/gtest.h>

namespace pushlab::loadgen {
namespace {

TEST(SseClient, takes_the_types_that_a_browser_takes) {
  for (auto const* type :
       {"text/event-stream", "TEXT/Event-Stream", "text/event-stream;", "text/event-stream ; a=b",
        "text/event-stream;charset=utf-8", "text/event-stream; Charset=\"UTF-8\"",
        "text/event-stream;a=b;charset=utf-8"})
    EXPECT_TRUE(is_event_stream(type)) << type;
}

TEST(SseClient, refuses_other_types_and_charsets) {
  for (auto const* type :
       {"", "text/plain", "text/event-streams", "text/event-stream, text/event-stream",
        "application/x; a=text/event-stream", "text/event-stream;charset=utf8",
        "text/event-stream; charset=iso-8859-1", "text/event-stream;charset="})
    EXPECT_FALSE(is_event_stream(type)) << type;
}

}  // namespace
}  // namespace pushlab::loadgen

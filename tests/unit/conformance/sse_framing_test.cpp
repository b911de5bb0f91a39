#include <gtest/gtest.h>

#include "tests/conformance/testing/checked.hpp"
#include "tests/conformance/testing/scripted_stream.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;
using namespace std::string_literals;

auto const good = "retry: 2000\n\n: comment\n\nid: 1-1\nevent: db\ndata: {\"a\":1}\n\n"s;

// What an L0 rule says of a stream with this text.
Verdict verdict(std::string const& id, std::string text) {
  ScriptedServer const server(streams(std::move(text)));
  auto to = given(server);
  to.settings.capture_s = 0.1;
  return checked(id, to).verdict;
}

TEST(SseFraming, F01_bytes_that_are_no_utf8_fail) {
  EXPECT_EQ(verdict("SSE-FRAME-01", "data: \xC3\xA9\n\n"), Verdict::pass);
  auto const finding = checked("SSE-FRAME-01", streams("data: caf\xE9\n\n"));
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_TRUE(finding.seen.starts_with("byte 9,")) << finding.seen;
}

TEST(SseFraming, F02_stray_text_fails_and_an_unknown_field_warns) {
  EXPECT_EQ(verdict("SSE-FRAME-02", good), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-02", "data\n\n"), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-02", "topic: a\ndata: b\n\n"), Verdict::warn);
  EXPECT_EQ(verdict("SSE-FRAME-02", "data: a\n\n<html>\n"), Verdict::fail);
  EXPECT_EQ(verdict("SSE-FRAME-02", "data: a\nsecond line\n\n"), Verdict::fail);
}

TEST(SseFraming, F03_mixed_line_ends_and_lonely_crs_warn) {
  EXPECT_EQ(verdict("SSE-FRAME-03", good), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-03", "data: a\r\n\r\n"), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-03", "data: a\r\n\n"), Verdict::warn);
  EXPECT_EQ(verdict("SSE-FRAME-03", "data: a\r\r"), Verdict::warn);
  EXPECT_EQ(verdict("SSE-FRAME-03", "half"), Verdict::skip);
}

// An event whose blank line comes so much later.
ScriptedServer::Talk late_blank_line(double seconds) {
  return each_request([seconds](Peer& peer, Asked const&) {
    peer.begin_stream();
    peer.send_chunk("data: a\n");
    if (peer.wait(seconds)) peer.send_chunk("\n");
    peer.hold();
  });
}

TEST(SseFraming, F04_a_blank_line_that_comes_late_or_never_fails) {
  EXPECT_EQ(verdict("SSE-FRAME-04", good), Verdict::pass);
  auto const late = [](double seconds, double warn_s) {
    ScriptedServer const server(late_blank_line(seconds));
    auto to = given(server);
    to.settings.framing.blank_line_warn_s = warn_s;
    return checked("SSE-FRAME-04", to).verdict;
  };
  EXPECT_EQ(late(0.1, 60), Verdict::warn);
  EXPECT_EQ(late(0.1, 0.05), Verdict::fail);
  EXPECT_EQ(late(60, 0.05), Verdict::fail);
}

TEST(SseFraming, F12_ids_that_are_long_or_need_a_preflight_warn) {
  EXPECT_EQ(verdict("SSE-FRAME-12", good), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-12", "id: a:b\ndata\n\n"), Verdict::warn);
  EXPECT_EQ(verdict("SSE-FRAME-12", "id: \xC3\xA9\ndata\n\n"), Verdict::warn);
  EXPECT_EQ(verdict("SSE-FRAME-12", "id: " + std::string(129, '1') + "\ndata\n\n"), Verdict::warn);
  EXPECT_EQ(verdict("SSE-FRAME-12", "data\n\n"), Verdict::skip);
}

TEST(SseFraming, F13_a_repeated_id_fails_and_none_or_a_falling_one_warns) {
  EXPECT_EQ(verdict("SSE-FRAME-13", "id: a-9\ndata: 1\n\nid: a-10\ndata: 2\n\n"), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-13", "id: 1\ndata: 1\n\nid: 1\ndata: 2\n\n"), Verdict::fail);
  EXPECT_EQ(verdict("SSE-FRAME-13", "id: a-10\ndata: 1\n\nid: a-9\ndata: 2\n\n"), Verdict::warn);
  EXPECT_EQ(verdict("SSE-FRAME-13", "data: 1\n\n"), Verdict::warn);
}

TEST(SseFraming, F15_a_retry_that_is_not_all_digits_fails) {
  EXPECT_EQ(verdict("SSE-FRAME-15", good), Verdict::pass);
  for (auto const* retry : {"retry:  1000", "retry: 1s", "retry: -1", "retry: 1.5", "retry:"})
    EXPECT_EQ(verdict("SSE-FRAME-15", retry + "\n\n"s), Verdict::fail) << retry;
  EXPECT_EQ(verdict("SSE-FRAME-15", "data\n\n"), Verdict::skip);
}

TEST(SseFraming, F16_a_retry_out_of_range_or_with_every_event_warns) {
  EXPECT_EQ(verdict("SSE-FRAME-16", good), Verdict::pass);
  for (auto const* retry : {"retry: 499", "retry: 60001", "retry: 99999999999999999999"})
    EXPECT_EQ(verdict("SSE-FRAME-16", retry + "\n\n"s), Verdict::warn) << retry;
  auto const event = "retry: 1000\ndata: a\n\n"s;
  EXPECT_EQ(verdict("SSE-FRAME-16", event + event + event), Verdict::warn);
}

TEST(SseFraming, F17_a_second_byte_order_mark_fails) {
  auto const mark = "\xEF\xBB\xBF"s;
  EXPECT_EQ(verdict("SSE-FRAME-17", mark + good), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-17", mark + mark + good), Verdict::fail);
  EXPECT_EQ(verdict("SSE-FRAME-17", good + mark + good), Verdict::fail);
  EXPECT_EQ(verdict("SSE-FRAME-17", "data: " + mark + "\n\n"), Verdict::pass);
}

TEST(SseFraming, F19_a_comment_that_swallows_the_next_line_fails) {
  EXPECT_EQ(verdict("SSE-FRAME-19", good + ": a valid: one, at id: 7\n\n"), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-19", good + ":id: 2\ndata: b\n\n"), Verdict::fail);
  EXPECT_EQ(verdict("SSE-FRAME-19", "data\n\n"), Verdict::skip);
}

TEST(SseFraming, F19_a_published_event_inside_a_comment_fails) {
  ScriptedHub hub;
  ScriptedServer const server(pushes(hub, [](auto const& post, std::size_t number) {
    return (number == 3 ? ": ping"s : ""s) + "data: " + payload_of(post) + "\n\n";
  }));
  EXPECT_EQ(checked("SSE-FRAME-19", given(server, hub)).verdict, Verdict::fail);
}

TEST(SseFraming, F22_field_names_in_capitals_or_with_space_fail) {
  EXPECT_EQ(verdict("SSE-FRAME-22", good), Verdict::pass);
  for (auto const* line : {"Data: a", "data : a", " data: a", "ID: 1", "DATA"})
    EXPECT_EQ(verdict("SSE-FRAME-22", line + "\n\n"s), Verdict::fail) << line;
}

TEST(SseFraming, F23_a_named_event_without_data_warns_and_an_id_alone_is_told) {
  EXPECT_EQ(verdict("SSE-FRAME-23", good), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-23", good + "event: ping\n\n"), Verdict::warn);
  EXPECT_EQ(verdict("SSE-FRAME-23", good + "id: 2\n\n"), Verdict::info);
}

TEST(SseFraming, F24_events_named_open_or_error_warn) {
  EXPECT_EQ(verdict("SSE-FRAME-24", good), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-24", "event: open\ndata\n\n"), Verdict::warn);
  EXPECT_EQ(verdict("SSE-FRAME-24", "event: error\ndata\n\n"), Verdict::warn);
  EXPECT_EQ(verdict("SSE-FRAME-24", ": nothing\n\n"), Verdict::skip);
}

TEST(SseFraming, F27_pages_logs_and_padding_in_the_stream_fail) {
  EXPECT_EQ(verdict("SSE-FRAME-27", good + "topic: x\n\n"), Verdict::pass);
  for (auto const* line : {"<html>", "HTTP/1.1 500 Oops", "   ", "Fatal error: x in y.php"})
    EXPECT_EQ(verdict("SSE-FRAME-27", good + line + "\n"), Verdict::fail) << line;
  EXPECT_EQ(verdict("SSE-FRAME-27", good + "data: \0\n\n"s), Verdict::fail);
}

TEST(SseFraming, F28_an_event_in_several_chunks_is_told) {
  EXPECT_EQ(verdict("SSE-FRAME-28", good), Verdict::pass);
  auto const pieces = each_request([](Peer& peer, Asked const&) {
    peer.begin_stream();
    for (auto const* part : {"id: 1\n", "data: ", "a\n", "\n"}) peer.send_chunk(part);
    peer.hold();
  });
  auto const finding = checked("SSE-FRAME-28", pieces);
  EXPECT_EQ(finding.verdict, Verdict::info);
  EXPECT_TRUE(finding.seen.starts_with("4.0 chunks an event")) << finding.seen;
  EXPECT_EQ(verdict("SSE-FRAME-28", ": nothing\n\n"), Verdict::skip);
}

TEST(SseFraming, F29_json_that_is_broken_or_on_several_lines_warns) {
  EXPECT_EQ(verdict("SSE-FRAME-29", good), Verdict::pass);
  EXPECT_EQ(verdict("SSE-FRAME-29", "data: {\"a\":\n\n"), Verdict::warn);
  EXPECT_EQ(verdict("SSE-FRAME-29", "data: {\ndata: }\n\n"), Verdict::warn);
  EXPECT_EQ(verdict("SSE-FRAME-29", "data: text\n\n"), Verdict::skip);
}

}  // namespace
}  // namespace pushlab::conformance

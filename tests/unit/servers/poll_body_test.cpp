#include <boost/json.hpp>

#include "servers/long_poll/long_poll_session.hpp"
#include "tests/unit/servers/events.hpp"

namespace pushlab::server {
namespace {

std::string body_of(std::string const& answer) {
  auto const head_end = answer.find("\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: " + std::to_string(answer.size() - head_end - 4) + "\r\n"),
            std::string::npos)
      << answer;
  return answer.substr(head_end + 4);
}

TEST(PollBody, has_a_cursor_and_the_events_with_their_ids) {
  std::vector<EventPtr> const events{event(6, "a"), event(7, "b")};
  EXPECT_EQ(poll_body({{0xAB, 7}}, 0xAB, events),
            R"({"next":"ab-7","events":[{"id":"ab-6","data":)" + notification_json("a") +
                R"(},{"id":"ab-7","data":)" + notification_json("b") + "}]}");
}

TEST(PollBody, is_an_empty_list_when_nothing_happened) {
  EXPECT_EQ(poll_body({{0xAB, 7}}, 0xAB, {}), R"({"next":"ab-7","events":[]})");
}

TEST(PollBody, tells_a_reset_and_that_there_is_more) {
  EXPECT_EQ(poll_body({{1, 2}, true}, 1, {}), R"({"next":"1-2","reset":true,"events":[]})");
  EXPECT_EQ(poll_body({{1, 2}, false, true}, 1, {}), R"({"next":"1-2","more":true,"events":[]})");
}

TEST(PollBody, forwards_no_data_that_is_to_be_kept_back) {
  auto made = std::make_shared<Event>(*event(6));
  made->notification.without_data = "{}";
  std::vector<EventPtr> const events{made};
  EXPECT_EQ(poll_body({{0xAB, 6}}, 0xAB, events),
            R"({"next":"ab-6","events":[{"id":"ab-6","data":{}}]})");
}

TEST(LongPollEncoder, nobody_who_waits_for_an_answer_can_fall_behind) {
  EXPECT_EQ(LongPollEncoder{}.conflated({1, 2}, 3), "");
}

TEST(LongPollEncoder, one_event_is_a_whole_answer) {
  auto const answer = LongPollEncoder{}.frame({0xAB, 7}, notification("a"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\nCache-Control: no-store\r\n")) << answer;
  EXPECT_EQ(body_of(answer),
            R"({"next":"ab-7","events":[{"id":"ab-7","data":)" + notification_json("a") + "}]}");
}

TEST(LongPollEncoder, events_of_one_turn_are_one_answer) {
  std::vector<EventPtr> const events{event(6), event(9)};
  auto const body = boost::json::parse(body_of(LongPollEncoder{}.join(0xAB, events)));
  EXPECT_EQ(body.at("next"), "ab-9");
  ASSERT_EQ(body.at("events").as_array().size(), 2U);
  EXPECT_EQ(body.at("events").at(0).at("id"), "ab-6");
}

TEST(AnswerPart, takes_all_that_was_missed_up_to_the_limit) {
  Resume resume{false, {1, 0}, {event(1), event(2)}};
  auto const body = answer_part(resume, {1, 5});
  EXPECT_EQ(body.next, (EventId{1, 5})) << "events of others count as seen";
  EXPECT_FALSE(body.more);
  EXPECT_EQ(resume.missed.size(), 2U);
}

TEST(AnswerPart, stops_at_the_limit_and_says_where_to_go_on) {
  auto const large = [](std::uint64_t seq) {
    auto made = std::make_shared<Event>(*event(seq));
    made->notification.body.resize(max_poll_answer_bytes * 2 / 5, ' ');
    return made;
  };
  Resume resume{false, {1, 0}, {large(1), large(2), large(3), large(4)}};
  auto const body = answer_part(resume, {1, 4});
  EXPECT_EQ(numbers_of(resume.missed), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(body.next, (EventId{1, 2}));
  EXPECT_TRUE(body.more);
}

TEST(AnswerPart, holds_one_event_however_large) {
  auto huge = std::make_shared<Event>(*event(1));
  huge->notification.body.resize(max_poll_answer_bytes + 1, ' ');
  Resume resume{false, {1, 0}, {huge, event(2)}};
  auto const body = answer_part(resume, {1, 2});
  EXPECT_EQ(numbers_of(resume.missed), (std::vector<std::uint64_t>{1}));
  EXPECT_TRUE(body.more);
}

}  // namespace
}  // namespace pushlab::server

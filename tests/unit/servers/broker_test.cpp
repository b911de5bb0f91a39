#include "servers/hub/broker.hpp"

#include "servers/sse/sse_encoder.hpp"
#include "tests/unit/servers/events.hpp"

namespace pushlab::server {
namespace {

class CountingEncoder : public Encoder {
 public:
  std::string frame(EventId id, Notification const& n) const override {
    ++frames;
    return to_string(id) + n.name;
  }
  mutable int frames = 0;
};

TEST(Broker, numbers_from_1_and_hands_one_shared_event_to_every_loop) {
  CountingEncoder encoder;
  Broker broker{0xE, encoder};
  std::vector<EventPtr> first, second;
  broker.add_loop([&](EventPtr event) { first.push_back(std::move(event)); });
  broker.add_loop([&](EventPtr event) { second.push_back(std::move(event)); });
  EXPECT_EQ(broker.last_seq(), 0U);
  EXPECT_EQ(broker.publish(notification("a")), 1U);
  EXPECT_EQ(broker.publish(notification("b")), 2U);
  EXPECT_EQ(first, second);
  EXPECT_EQ(numbers_of(first), (std::vector<std::uint64_t>{1, 2}));
}

TEST(Broker, encodes_an_event_once_whatever_the_number_of_loops) {
  CountingEncoder encoder;
  Broker broker{0xE, encoder};
  EventPtr last;
  for (int i = 0; i < 8; ++i) broker.add_loop([&](EventPtr event) { last = std::move(event); });
  broker.publish(notification("a"));
  EXPECT_EQ(encoder.frames, 1);
  EXPECT_EQ(last->frame, "e-1a");
  EXPECT_EQ(last->notification.body, notification_json("a"));
}

TEST(Broker, a_refresh_goes_out_without_its_data_and_keeps_the_whole_body) {
  SseEncoder const encoder;
  for (auto const refresh : {false, true}) {
    Broker broker{0xE, encoder, refresh};
    EventPtr last;
    broker.add_loop([&](EventPtr event) { last = std::move(event); });
    std::string const with_data = R"({"name":"a","type":"u","data":{"x":1},"id":1})";
    broker.publish(std::get<Notification>(parse_notification(with_data)));
    EXPECT_EQ(last->notification.body, with_data);
    auto const sent = refresh ? R"({"name":"a","type":"u","id":1})" : with_data;
    EXPECT_EQ(last->notification.forwarded(), sent);
    EXPECT_NE(last->frame.find("data: " + sent + "\n\n"), std::string::npos) << last->frame;
  }
}

TEST(Broker, a_refresh_without_data_is_held_once) {
  SseEncoder const encoder;
  Broker broker{0xE, encoder, true};
  EventPtr last;
  broker.add_loop([&](EventPtr event) { last = std::move(event); });
  broker.publish(notification("a"));
  EXPECT_EQ(last->notification.without_data, "");
  EXPECT_EQ(last->notification.forwarded(), notification_json("a"));
}

TEST(Broker, a_loop_that_gets_an_event_finds_its_number_given_already) {
  CountingEncoder encoder;
  Broker broker{0xE, encoder};
  std::uint64_t seen = 0;
  broker.add_loop([&](EventPtr const&) { seen = broker.last_seq(); });
  broker.publish(notification("a"));
  EXPECT_EQ(seen, 1U);
}

}  // namespace
}  // namespace pushlab::server

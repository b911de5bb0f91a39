#include "tests/unit/servers/table_fixture.hpp"

namespace pushlab::server {
namespace {

// A stream whose reader stops, and events of 1000 bytes.
class OverflowTest : public TableTest {
 protected:
  explicit OverflowTest(Overflow overflow = Overflow::conflate) : TableTest(options(overflow)) {
    handler_.request = [this](Connection& c, Request const& r) {
      slot_ = c.slot();
      c.start_stream(!r.http_1_0);
    };
  }
  static TableOptions options(Overflow overflow) {
    TableOptions options;
    options.outbox_bytes = 20'000;
    options.overflow = overflow;
    return options;
  }

  void start(std::string const& version = "1.1") {
    send("GET / HTTP/" + version + "\r\n\r\n");
    ASSERT_TRUE(until([&] { return counters_.requests.value() == 1; }));
    reads_ = false;
  }

  // As the encoder would make it: the number stands in the frame.
  static EventPtr large_event(std::uint64_t seq, int id) {
    auto made = std::make_shared<Event>(*event(seq, "a", std::to_string(id)));
    made->frame = "<" + std::to_string(seq) + std::string(1000, '.') + ">";
    return made;
  }

  // The next event, of one of so many resources in turn.
  void publish(int resources) {
    ++seq_;
    auto const made = large_event(seq_, static_cast<int>(seq_) % resources);
    table_.deliver({&slot_, 1}, {{&made, 1}, frame_of(made)});
    run_ready();
  }

  // What the client has got, without the filling.
  std::string compressed() const {
    std::string text;
    for (auto const c : received_)
      if (c != '.') text += c;
    return text;
  }

  std::uint64_t seq_ = 0;
  Slot slot_ = 0;
};

TEST_F(OverflowTest, conflates_to_the_newest_of_each_resource_and_says_so) {
  start();
  while (counters_.conflated.value() < 50) publish(3);
  auto const last = seq_;
  reads_ = true;
  ASSERT_TRUE(until([&] { return compressed().ends_with("<" + std::to_string(last) + ">"); }));
  // Everything up to the first that did not fit, then the note, then the last three.
  auto const first_missing = last - 3 - counters_.conflated.value() + 1;
  std::string expected;
  for (std::uint64_t seq = 1; seq < first_missing; ++seq)
    expected += "<" + std::to_string(seq) + ">";
  expected += "<" + std::to_string(counters_.conflated.value()) + " before " +
              std::to_string(last - 2) + ">";
  for (auto seq = last - 2; seq <= last; ++seq) expected += "<" + std::to_string(seq) + ">";
  EXPECT_EQ(compressed(), expected);
  publish(3);
  EXPECT_TRUE(until_received("<" + std::to_string(seq_) + "."));
  EXPECT_EQ(handler_.ends, 0);
}

TEST_F(OverflowTest, keeps_every_event_in_order_when_each_is_the_newest_of_its_resource) {
  start();
  auto is_conflating = [&] { return counters_.queued_writes.value() > 30; };  // 20 fit the outbox
  while (!is_conflating()) publish(1000);
  auto const last = seq_;
  reads_ = true;
  ASSERT_TRUE(until([&] { return compressed().ends_with("<" + std::to_string(last) + ">"); }));
  std::string expected;
  for (std::uint64_t seq = 1; seq <= last; ++seq) expected += "<" + std::to_string(seq) + ">";
  EXPECT_EQ(compressed(), expected) << "and no note, because nothing was dropped";
}

TEST_F(OverflowTest, cuts_a_reader_for_whom_even_the_newest_are_too_much) {
  start();
  while (seq_ < 1000 && handler_.ends == 0) publish(1000);
  EXPECT_EQ(ended(EndReason::slow_reader), 1U);
  EXPECT_LT(seq_, 200U);
}

TEST_F(OverflowTest, conflates_for_http_1_0_without_the_chunks) {
  start("1.0");
  while (counters_.conflated.value() < 50) publish(3);
  auto const last = std::to_string(seq_);
  reads_ = true;
  ASSERT_TRUE(until([&] { return compressed().ends_with(last); }));
  EXPECT_EQ(received_.find('<'), std::string::npos);
  EXPECT_NE(received_.find("before " + std::to_string(seq_ - 2)), std::string::npos);
}

TEST_F(OverflowTest, a_goodbye_comes_behind_what_was_conflated) {
  start();
  while (counters_.conflated.value() < 50) publish(3);
  table_.drain();
  reads_ = true;
  ASSERT_TRUE(until([&] { return client_sees_end_; }));
  EXPECT_TRUE(compressed().ends_with("<" + std::to_string(seq_) + "><bye>")) << compressed();
  EXPECT_EQ(ended(EndReason::drained), 1U);
}

// The reader stalls again each time as soon as it has read the note, before everything is written.
TEST_F(OverflowTest, keeps_the_bound_through_many_rounds_of_reading_and_stalling) {
  start();
  for (int round = 0; round < 10; ++round) {
    auto const conflated = counters_.conflated.value();
    auto const before = seq_;
    while (counters_.conflated.value() < conflated + 50) publish(15);
    EXPECT_LT(seq_ - before, 120U) << "round " << round;
    reads_ = true;
    received_.clear();
    ASSERT_TRUE(until_received(" before "));
    reads_ = false;
  }
}

struct Disconnecting : OverflowTest {
  Disconnecting() : OverflowTest(Overflow::disconnect) {}
};

TEST_F(Disconnecting, cuts_a_reader_whose_outbox_is_full) {
  start();
  while (seq_ < 1000 && handler_.ends == 0) publish(3);
  EXPECT_EQ(ended(EndReason::slow_reader), 1U);
  EXPECT_EQ(counters_.conflated.value(), 0U);
}

}  // namespace
}  // namespace pushlab::server

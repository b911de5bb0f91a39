#include "servers/hub/fan_out.hpp"

#include "tests/unit/servers/hub_fixture.hpp"

namespace pushlab::server {
namespace {

struct FanOutTest : HubTest {
  void subscribe(Slot slot, std::string_view parameter, WireForm form) {
    hub().add(slot, viewer(parameter), form);
  }
};

TEST_F(FanOutTest, everybody_gets_the_form_he_takes) {
  subscribe(0, "a", WireForm::plain);
  subscribe(1, "a", WireForm::gzip);
  subscribe(2, "*", WireForm::gzip);
  subscribe(3, "*", WireForm::zstd);
  subscribe(4, "b", WireForm::zstd);
  publish({"a"});
  hub().run_turn();
  EXPECT_EQ(delivery.bytes,
            (std::map<Slot, std::string>{{0, "<1>"}, {1, "g<1>"}, {2, "g<1>"}, {3, "z<1>"}}));
}

TEST_F(FanOutTest, events_of_one_turn_are_joined_in_each_form) {
  subscribe(0, "a,b", WireForm::plain);
  subscribe(1, "a,b", WireForm::gzip);
  subscribe(2, "b", WireForm::gzip);
  publish({"a", "b"});
  hub().run_turn();
  EXPECT_EQ(delivery.bytes,
            (std::map<Slot, std::string>{{0, "<1><2>"}, {1, "g<1>g<2>"}, {2, "g<2>"}}));
}

TEST_F(FanOutTest, nothing_is_coded_that_nobody_takes) {
  subscribe(0, "a", WireForm::plain);
  subscribe(1, "b", WireForm::gzip);
  publish({"a"});
  hub().run_turn();
  publish({"a", "c"});
  hub().run_turn();
  EXPECT_EQ(encoder.coded, 0);
}

TEST_F(FanOutTest, an_event_is_coded_once_for_all_who_take_that_form) {
  for (Slot slot = 0; slot < 10; ++slot) subscribe(slot, slot % 2 == 0 ? "a" : "*", WireForm::gzip);
  publish({"a"});
  hub().run_turn();
  EXPECT_EQ(encoder.coded, 1);
}

TEST_F(FanOutTest, who_is_removed_gets_nothing_in_any_form) {
  subscribe(0, "a", WireForm::plain);
  subscribe(1, "a", WireForm::gzip);
  hub().remove(0);
  hub().remove(1);
  subscribe(0, "a", WireForm::zstd);
  publish({"a"});
  hub().run_turn();
  EXPECT_EQ(delivery.bytes, (std::map<Slot, std::string>{{0, "z<1>"}}));
}

TEST_F(FanOutTest, an_accounts_change_reaches_its_user_in_every_form) {
  hub().add(0, viewer("a", "7"), WireForm::gzip);
  hub().add(1, viewer("a", "7"), WireForm::plain);
  hub().add(2, viewer("a", "8"), WireForm::gzip);
  publish(notification("user", "7"));
  hub().run_turn();
  EXPECT_EQ(delivery.bytes, (std::map<Slot, std::string>{{0, "g<1>"}, {1, "<1>"}}));
}

TEST_F(FanOutTest, an_echo_is_left_out_in_whatever_form_its_connection_takes) {
  options.leave_out_origin = true;
  for (Slot slot = 0; slot < 3; ++slot) {
    auto one = viewer("a");
    one.connection = "c" + std::to_string(slot);
    hub().add(slot, one, slot < 2 ? WireForm::gzip : WireForm::plain);
  }
  auto echo = notification("a", "7");
  echo.origin = "c0";
  publish(echo);
  hub().run_turn();
  echo.origin = "c2";
  publish(echo);
  hub().run_turn();
  EXPECT_EQ(delivery.bytes,
            (std::map<Slot, std::string>{{0, "g<2>"}, {1, "g<1>g<2>"}, {2, "<1>"}}));
}

TEST_F(FanOutTest, crowds_with_different_rights_share_one_coded_event) {
  options.rules = AccessRules{{{"a", AccessRules::Rule::Who::authenticated}}};
  for (Slot slot = 0; slot < 4; ++slot) {
    auto one = viewer("*", "user" + std::to_string(slot));
    one.audience.roles = {"role" + std::to_string(slot)};
    hub().add(slot, one, WireForm::zstd);
  }
  publish({"a"});
  hub().run_turn();
  EXPECT_EQ(delivery.bytes,
            (std::map<Slot, std::string>{{0, "z<1>"}, {1, "z<1>"}, {2, "z<1>"}, {3, "z<1>"}}));
  EXPECT_EQ(encoder.coded, 1);
}

TEST_F(FanOutTest, no_form_is_always_the_last_one) {
  for (Slot slot = 0; slot < 3; ++slot) subscribe(slot, "a", static_cast<WireForm>(slot));
  std::map<Slot, int> last;
  for (int turn = 0; turn < 6; ++turn) {
    publish({"a"});
    hub().run_turn();
    ++last[delivery.order.back()];
  }
  EXPECT_EQ(last, (std::map<Slot, int>{{0, 2}, {1, 2}, {2, 2}}));
}

}  // namespace
}  // namespace pushlab::server

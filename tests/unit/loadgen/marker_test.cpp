#include "loadgen/client/marker.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <vector>

#include "loadgen/client/mqtt_packet.hpp"
#include "loadgen/publisher/notification.hpp"

namespace pushlab::loadgen {
namespace {

std::vector<std::uint32_t> found_in(Marker const& marker, std::string_view text) {
  std::vector<std::uint32_t> out;
  marker.find_all(text, [&](std::uint32_t event) { out.push_back(event); });
  return out;
}

using Events = std::vector<std::uint32_t>;

TEST(Marker, has_a_fixed_form) {
  EXPECT_EQ(Marker(0x3fa2).of(42), "plab:3fa2:0000002a");
}

TEST(Marker, is_found_wherever_it_stands) {
  Marker const marker(0x3fa2);
  EXPECT_EQ(found_in(marker, "plab:3fa2:0000002a"), Events{42});
  EXPECT_EQ(found_in(marker, R"({"data":"plab:3fa2:0000002a xx"},{"data":"plab:3fa2:ffffffff"})"),
            (Events{42, 0xffffffff}));
}

TEST(Marker, is_not_found_in_what_only_looks_like_it) {
  Marker const marker(0x3fa2);
  for (auto const* text : {"", "plab:3fa2:0000002", "plab:3fa3:0000002a", "plab:3fa2:0000002A",
                           "plab:3fa2:0000 02a", "PLAB:3fa2:0000002a"}) {
    EXPECT_TRUE(found_in(marker, text).empty()) << text;
  }
}

TEST(Marker, is_found_after_a_broken_one) {
  EXPECT_EQ(found_in(Marker(1), "plab:0001:plab:0001:00000007"), Events{7});
}

TEST(Notification, is_json_of_exactly_the_size_with_the_marker) {
  for (unsigned const names : {1U, 3U, 1000U}) {
    LoadPlan plan;
    plan.names = names;
    ArrivalPlan arrivals;
    arrivals.names = names;
    Marker const marker(0xabcd);
    auto const least = smallest_payload(names);
    auto const with_data = least + 16;
    for (auto const size :
         {least, least + 1, with_data - 1, with_data, with_data + 1, std::size_t{500}}) {
      plan.payload_bytes = static_cast<unsigned>(size);
      NotificationWriter const writer(plan, arrivals, marker);
      for (std::uint32_t const event : {0U, 1U, 12U, 99'999U}) {
        auto const text = writer.notification(event);
        EXPECT_EQ(text.size(), size);
        auto const json = boost::json::parse(text).as_object();
        EXPECT_EQ(json.at("name").as_string(), "t" + std::to_string(event % names));
        EXPECT_EQ(json.at("id"), event / names % 10);
        EXPECT_EQ(found_in(marker, text), Events{event});
        // The shortest names leave room for data a few bytes earlier.
        auto const* const data = json.if_contains("data");
        if (size < with_data - 4) {
          EXPECT_EQ(data, nullptr);
        }
        if (size >= with_data) {
          EXPECT_EQ(json.at("type"), "update");
          ASSERT_NE(data, nullptr);
          EXPECT_EQ(found_in(marker, data->as_string()), Events{event});
        }
      }
    }
  }
}

TEST(Notification, takes_name_and_size_from_the_schedule_where_it_has_them) {
  LoadPlan plan;
  plan.names = 4;
  Marker const marker(1);
  ArrivalPlan const arrivals{{1, 2}, 0, 0, 4, {3, 1}, {120, 90}};
  NotificationWriter const writer(plan, arrivals, marker);
  EXPECT_EQ(writer.notification(0).size(), 120U);
  EXPECT_EQ(writer.notification(1).size(), 90U);
  EXPECT_TRUE(writer.notification(0).starts_with(R"({"name":"t3",)"));
}

TEST(Notification, expands_the_ingest_call) {
  LoadPlan plan;
  plan.names = 2;
  plan.ingest = {"PUT",
                 "http://h:81/pub/{name}?i={index}",
                 {"X-A: b"},
                 R"({"n":"{name}","d":{notification}})",
                 IngestProtocol::http};
  Marker const marker(1);
  ArrivalPlan arrivals;
  arrivals.names = 2;
  NotificationWriter const writer(plan, arrivals, marker);
  auto const body = R"({"n":"t1","d":)" + writer.notification(3) + "}";
  EXPECT_EQ(writer.request(3), "PUT /pub/t1?i=3 HTTP/1.1\r\nHost: h:81\r\nContent-Length: " +
                                   std::to_string(body.size()) + "\r\nX-A: b\r\n\r\n" + body);
}

TEST(Notification, fits_into_a_json_string) {
  LoadPlan plan;
  plan.ingest.url = "http://h:81/";
  plan.ingest.body = R"({"content":"data: {notification_text}\n\n"})";
  Marker const marker(1);
  ArrivalPlan arrivals;
  arrivals.names = plan.names;
  NotificationWriter const writer(plan, arrivals, marker);
  auto const request = writer.request(3);
  auto const body = boost::json::parse(request.substr(request.find("\r\n\r\n") + 4)).as_object();
  EXPECT_EQ(body.at("content").as_string(), "data: " + writer.notification(3) + "\n\n");
}

TEST(Notification, is_published_over_mqtt_under_its_name) {
  LoadPlan plan;
  plan.names = 2;
  plan.ingest.protocol = IngestProtocol::mqtt;
  plan.ingest.url = "mqtt://h";
  Marker const marker(1);
  ArrivalPlan arrivals;
  arrivals.names = plan.names;
  NotificationWriter const writer(plan, arrivals, marker);
  EXPECT_EQ(writer.request(3), mqtt_publish("t1", writer.notification(3), 1, 1));
}

}  // namespace
}  // namespace pushlab::loadgen

#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "servers/event/event.hpp"
#include "servers/hub/delivery.hpp"

namespace pushlab::server {

// Shorthand for the tests: events and notifications that are right in everything but what a test
// changes.

inline std::string notification_json(std::string const& name, std::string const& id = "1",
                                     std::string const& type = "update") {
  return R"({"name":")" + name + R"(","type":")" + type + R"(","id":)" + id + "}";
}

inline Notification notification(std::string const& name, std::string const& id = "1",
                                 std::string const& type = "update") {
  return std::get<Notification>(parse_notification(notification_json(name, id, type)));
}

inline EventPtr event(std::uint64_t seq, std::string const& name = "a", std::string const& id = "1",
                      std::string const& type = "update") {
  auto made = std::make_shared<Event>();
  made->seq = seq;
  made->notification = notification(name, id, type);
  made->frame = "<" + std::to_string(seq) + ">";
  return made;
}

inline std::vector<std::uint64_t> numbers_of(auto const& events) {
  std::vector<std::uint64_t> numbers;
  for (auto const& one : events) numbers.push_back(one->seq);
  return numbers;
}

}  // namespace pushlab::server

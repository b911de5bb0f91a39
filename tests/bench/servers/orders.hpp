#pragma once
#include <array>
#include <random>
#include <string>

#include "servers/event/notification.hpp"

namespace pushlab::server {

// Orders as an application would tell of them; the SSE block has about that many bytes.
inline Notification order(std::size_t bytes, std::mt19937& random) {
  auto const number = [&](unsigned below) { return std::to_string(random() % below); };
  constexpr std::array<char const*, 5> states{"open", "paid", "shipped", "returned", "cancelled"};
  constexpr std::array<char const*, 4> names{"Anna Weber", "Jonas Klein", "Mia Schulz", "Tim Hof"};
  constexpr std::size_t around = 37;  // id:, event: and data:
  auto const id = number(100'000);
  auto body = R"({"name":"orders","type":"update","id":)" + id + R"(,"data":{"state":")" +
              states[random() % states.size()] + '"';
  if (bytes > 200)
    body += R"(,"customer":")" + std::string{names[random() % names.size()]} + R"(","total":)" +
            number(100'000) + R"(,"updated_at":"2026-03-17T10:)" + number(60) + R"(:00Z")";
  for (auto first = true; body.size() + around + 60 < bytes; first = false)
    body += (first ? R"(,"items":[{"sku":"A-)" : R"(,{"sku":"A-)") + number(100'000) +
            R"(","quantity":)" + number(20) + R"(,"price":)" + number(10'000) + "}";
  body += body.find("items") == std::string::npos ? "}}" : "]}}";
  return {"orders", "update", id, {}, std::move(body), id};
}

}  // namespace pushlab::server

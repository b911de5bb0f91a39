#include "tests/conformance/sse_framing/delivery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "tests/conformance/engine/live_channel.hpp"

namespace pushlab::conformance {
namespace {

namespace json = boost::json;

std::string with_lf(std::string_view text) {
  std::string same;
  for (std::size_t at = 0; at < text.size(); ++at) {
    bool const cr = text[at] == '\r';
    same += cr ? '\n' : text[at];
    if (cr && text.substr(at + 1, 1) == "\n") ++at;
  }
  return same;
}

bool holds(json::value const& value, std::string_view text) {
  auto const inside = [text](auto const& member) { return holds(member, text); };
  if (auto const* string = value.if_string())
    return std::string_view(string->data(), string->size()) == text;
  if (auto const* array = value.if_array())
    return std::any_of(array->begin(), array->end(), inside);
  if (auto const* object = value.if_object())
    return std::any_of(object->begin(), object->end(),
                       [&](auto const& member) { return inside(member.value()); });
  return false;
}

// A notification with each kind of line end between its tokens, where JSON has them mean nothing.
std::string spread_notification(std::string const& name, std::string const& text) {
  return fmt::format(
      "{{\n\"name\":{},\r\n\"type\":\"update\",\r\"id\":\"1\",\n\r\n\"data\":{}\n}}\n",
      json_string(name), json_string(text));
}

bool has(SseBlock const& block, std::string const& text) {
  return block.data.find(text) != std::string::npos || block.type.find(text) != std::string::npos ||
         block.id.find(text) != std::string::npos;
}

// Everything behind the event in which `from` came and before the one in which `to` came.
void take_between(SseStream const& stream, std::string const& from, std::string const& to,
                  std::string const& mine, Delivery& found) {
  bool inside = false;
  for (auto const& block : stream.blocks) {
    if (inside && has(block, to)) return;
    if (inside && has(block, mine)) {
      found.blocks.push_back(block);
      auto const lines = stream.lines.begin();
      found.lines.insert(found.lines.end(), lines + static_cast<std::ptrdiff_t>(block.first_line),
                         lines + static_cast<std::ptrdiff_t>(block.last_line));
    }
    inside = inside || has(block, from);
  }
}

}  // namespace

bool carries(std::string const& data, std::string const& text) {
  if (data == with_lf(text)) return true;
  json::error_code wrong;
  auto const value = json::parse(data, wrong);
  return !wrong && holds(value, text);
}

SseBlock const* Delivery::carrier() const {
  auto const found = std::find_if(blocks.begin(), blocks.end(), [&](SseBlock const& block) {
    return block.has_data && carries(block.data, payload);
  });
  return found == blocks.end() ? nullptr : &*found;
}

std::string Delivery::shown() const {
  std::string text;
  for (auto const& line : lines) text += line.text + "\n";
  if (!text.empty()) return quoted(text);
  return loss.empty() ? "nothing" : loss;
}

Delivery deliver(Endpoint& endpoint, std::string const& payload, std::string const& mine) {
  auto live = live_channel(endpoint);
  auto const from = endpoint.marker();
  auto const to = endpoint.marker();
  endpoint.publish(live.channel, from);
  Delivery found;
  found.payload = payload;
  found.answer = endpoint.post(live.channel, payload);
  found.raw = found.answer.accepted();
  if (!found.raw)
    found.answer = endpoint.post(live.channel, spread_notification(live.channel.name, payload));
  if (!found.answer.accepted()) return found;
  endpoint.publish(live.channel, to);
  auto const patience_s =
      endpoint.settings().delivery_s + static_cast<double>(payload.size()) / 1e6;
  if (!live.stream.await(to, Deadline::in(patience_s)))
    found.loss = live.stream.body().end == Body::End::open
                     ? "nothing, nor the event published behind it"
                     : "the end of the stream";
  take_between(live.stream.sse(), from, to, endpoint.has_own_channels() ? "" : mine, found);
  return found;
}

Delivery delivered(Endpoint& endpoint, std::string const& payload, std::string const& mine) {
  auto found = deliver(endpoint, payload, mine);
  if (!found.answer.accepted())
    throw Skip(fmt::format("the endpoint refused the payload: {} {}", found.answer.status,
                           quoted(found.answer.body)));
  return found;
}

}  // namespace pushlab::conformance

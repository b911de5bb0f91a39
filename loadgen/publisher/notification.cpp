#include "loadgen/publisher/notification.hpp"

#include <fmt/core.h>

#include "loadgen/client/mqtt_packet.hpp"
#include "loadgen/publisher/mqtt_publish_connection.hpp"

namespace pushlab::loadgen {

namespace {

constexpr unsigned resources = 10;  // ids per name

// What stands before and behind the marker and its padding.
struct Frame {
  std::string head;
  std::string tail;

  std::size_t size() const { return head.size() + Marker::size + tail.size(); }
};

Frame frame_with_data(unsigned name, unsigned id) {
  return {fmt::format(R"({{"name":"t{}","type":"update","id":{},"data":")", name, id), "\"}"};
}

Frame frame_without_data(unsigned name, unsigned id) {
  return {fmt::format(R"({{"name":"t{}","type":")", name), fmt::format(R"(","id":{}}})", id)};
}

void replace_all(std::string& text, std::string_view mark, std::string_view with) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + with.size())) {
    text.replace(at, mark.size(), with);
  }
}

// A notification has quotes to escape, and no backslash or control character.
std::string in_json_string(std::string text) {
  replace_all(text, "\"", "\\\"");
  return text;
}

}  // namespace

std::size_t smallest_payload(unsigned names) {
  return frame_without_data(names - 1, 0).size();
}

NotificationWriter::NotificationWriter(LoadPlan const& plan, ArrivalPlan const& arrivals,
                                       Marker const& marker)
    : plan_(plan), arrivals_(arrivals), marker_(marker) {}

std::string NotificationWriter::notification(std::uint32_t event) const {
  auto const name = arrivals_.name_of(event);
  auto const id = event / plan_.names % resources;
  auto const bytes = arrivals_.bytes.empty() ? plan_.payload_bytes : arrivals_.bytes[event];
  auto frame = frame_with_data(name, id);
  if (frame.size() > bytes) frame = frame_without_data(name, id);
  auto text = frame.head + marker_.of(event);
  if (bytes > frame.size()) text += ' ';
  text.resize(bytes - frame.tail.size(), 'x');
  return text + frame.tail;
}

std::string NotificationWriter::request(std::uint32_t event) const {
  auto const name = fmt::format("t{}", arrivals_.name_of(event));
  auto const index = fmt::format("{}", event);
  auto body = plan_.ingest.body;
  auto target = parse_url(plan_.ingest.url);
  replace_all(target.target, "{name}", name);
  replace_all(target.target, "{index}", index);
  replace_all(body, "{name}", name);
  replace_all(body, "{index}", index);
  // Last, so that nothing inside the notification is taken for a placeholder.
  auto const text = notification(event);
  replace_all(body, "{notification_text}", in_json_string(text));
  replace_all(body, "{notification}", text);
  if (plan_.ingest.protocol == IngestProtocol::mqtt)
    return mqtt_publish(name, body, 1, MqttPublishConnection::packet_id);
  auto request = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n",
                             plan_.ingest.method, target.target, target.authority, body.size());
  for (auto const& header : plan_.ingest.headers) request += header + "\r\n";
  return request + "\r\n" + body;
}

}  // namespace pushlab::loadgen

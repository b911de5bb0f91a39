#include "loadgen/publisher/notification.hpp"

#include <fmt/core.h>

namespace pushlab::loadgen {

namespace {

constexpr unsigned resources = 10;  // ids per name

std::string head_of(unsigned name, std::uint32_t event, unsigned names) {
  return fmt::format(R"({{"name":"t{}","type":"update","id":{},"data":")", name,
                     event / names % resources);
}

void replace_all(std::string& text, std::string_view mark, std::string_view with) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + with.size())) {
    text.replace(at, mark.size(), with);
  }
}

}  // namespace

std::size_t smallest_payload(unsigned names) {
  return head_of(names - 1, 0, names).size() + Marker::size + 2;
}

NotificationWriter::NotificationWriter(LoadPlan const& plan, ArrivalPlan const& arrivals,
                                       Marker const& marker)
    : plan_(plan), arrivals_(arrivals), marker_(marker) {}

std::string NotificationWriter::notification(std::uint32_t event) const {
  auto text = head_of(arrivals_.name_of(event), event, plan_.names) + marker_.of(event);
  auto const bytes = arrivals_.bytes.empty() ? plan_.payload_bytes : arrivals_.bytes[event];
  auto const padding = bytes - text.size() - 2;
  if (padding > 0) text += ' ';
  text.resize(bytes - 2, 'x');
  return text + "\"}";
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
  replace_all(body, "{notification}", notification(event));
  auto text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n",
                          plan_.ingest.method, target.target, target.authority, body.size());
  for (auto const& header : plan_.ingest.headers) text += header + "\r\n";
  return text + "\r\n" + body;
}

}  // namespace pushlab::loadgen

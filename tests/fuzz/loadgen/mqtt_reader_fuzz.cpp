// The same packets whole and cut, none longer than the limit; a PUBLISH lies within its packet.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "loadgen/client/mqtt_packet.hpp"

namespace {

using namespace pushlab::loadgen;

constexpr std::size_t limit = 512;

std::string outcome_of(std::string_view stream, std::size_t cut) {
  MqttReader reader(limit);
  std::string text;
  for (std::size_t at = 0; at < stream.size(); at += cut) {
    std::string const own(stream.substr(at, cut));
    std::string_view input = own;
    while (auto const packet = reader.next(input)) {
      if (packet->body.size() > limit) std::abort();
      text += static_cast<char>(packet->type);
      text.append(packet->body) += '\n';
      if (packet->type != MqttPacket::Type::publish) continue;
      auto const publish = read_publish(*packet);
      if (publish && publish->topic.size() + publish->payload.size() > packet->body.size())
        std::abort();
    }
  }
  return text + reader.error();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size < 2) return 0;
  std::string_view const stream(reinterpret_cast<char const*>(data) + 1, size - 1);
  if (outcome_of(stream, stream.size()) != outcome_of(stream, 1U + data[0] % 16)) std::abort();
  return 0;
}

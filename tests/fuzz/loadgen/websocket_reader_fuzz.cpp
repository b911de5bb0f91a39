// The same messages whole and cut, none longer than the limit.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "loadgen/client/websocket_reader.hpp"

namespace {

using pushlab::loadgen::WebSocketReader;

constexpr std::size_t limit = 512;

std::string outcome_of(std::string_view stream, std::size_t cut) {
  WebSocketReader reader(limit);
  std::string text;
  for (std::size_t at = 0; at < stream.size(); at += cut) {
    std::string const own(stream.substr(at, cut));
    std::string_view input = own;
    while (auto const message = reader.next(input)) {
      if (message->payload.size() > limit) std::abort();
      text += static_cast<char>(message->kind);
      text.append(message->payload) += '\n';
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

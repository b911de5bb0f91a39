#include "servers/websocket/frame_reader.hpp"

#include <algorithm>

#include "tests/fuzz/servers/promise.hpp"

using namespace pushlab::server;

namespace {

struct Seen {
  std::string controls;
  std::uint16_t failure = 0;
  bool at_rest = false;
  bool operator==(Seen const&) const = default;
};

Seen read(std::string_view bytes, std::size_t step) {
  FrameReader reader;
  Seen seen;
  while (!bytes.empty() && reader.failure() == 0) {
    auto part = bytes.substr(0, step);
    bytes.remove_prefix(part.size());
    while (auto const control = reader.next(part)) {
      promise(control->payload.size() <= 125);
      seen.controls += static_cast<char>(control->opcode) + control->payload + '\n';
      if (control->opcode == Opcode::close) promise(close_answer(control->payload) >= 1000);
    }
    promise(part.empty() || reader.failure() != 0);
  }
  seen.failure = reader.failure();
  seen.at_rest = reader.at_rest();
  return seen;
}

}  // namespace

// Frames mean the same however the bytes are cut, and every failure has one of three codes.
extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  auto whole = read(text, size), in_steps = read(text, 1 + data[size - 1] % 16);
  auto const code = whole.failure;
  promise(code == 0 || code == 1002 || code == 1007 || code == 1009);
  if (code != 0) whole.at_rest = in_steps.at_rest = false;
  promise(whole == in_steps);
  return 0;
}

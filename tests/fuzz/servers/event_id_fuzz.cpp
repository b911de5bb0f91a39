#include "servers/event/event_id.hpp"

#include "tests/fuzz/servers/promise.hpp"

using namespace pushlab::server;

// An id that is read is written again as the very same text.
extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  if (auto const id = parse_event_id(text)) promise(to_string(*id) == text);
  return 0;
}

#include "servers/event/json_member.hpp"

#include <boost/json.hpp>

#include "tests/fuzz/servers/promise.hpp"

using namespace pushlab::server;
namespace json = boost::json;

// What is left of a valid object is valid, has no such member, and means the same otherwise.
extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  json::error_code ec;
  auto before = json::parse({text.data(), text.size()}, ec);
  if (ec || !before.is_object()) return 0;
  auto const left = without_member(text, "data");
  auto const after = json::parse(left, ec);
  promise(!ec && after.is_object());
  promise(!after.get_object().contains("data"));
  if (!before.get_object().contains("data")) promise(left == text);
  before.get_object().erase("data");
  promise(after == before);
  return 0;
}

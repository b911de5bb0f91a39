#include "servers/http/accept_encoding.hpp"

#include <array>

#include "tests/fuzz/servers/promise.hpp"

using namespace pushlab::server;

// Nothing is answered that was not offered, and nothing that no entry can have named.
extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  constexpr std::array<std::string_view, 2> offered{"gzip", "zstd"};
  Request request;
  request.fields.emplace_back("Accept-Encoding", text);
  auto const coding = accepted_coding(request, offered);
  promise(coding.empty() || coding == "gzip" || coding == "zstd");
  if (text.find_first_of("*zZ") == std::string_view::npos) promise(coding.empty());
  promise(accepted_coding(request, {}).empty());
  return 0;
}

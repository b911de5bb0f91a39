#include <optional>

#include "servers/http/request_reader.hpp"
#include "tests/fuzz/servers/promise.hpp"

using namespace pushlab::server;

namespace {

// Everything that was read, as text: to be compared.
std::string read(std::string_view bytes, std::size_t step) {
  RequestReader reader{{.head_bytes = 512, .body_bytes = 256}};
  std::string seen;
  while (!bytes.empty()) {
    auto outcome = reader.feed(bytes.substr(0, step));
    bytes.remove_prefix(std::min(step, bytes.size()));
    while (outcome == RequestReader::Outcome::complete) {
      auto const request = reader.take();
      promise(request.body.size() <= 256);
      seen += request.method + ' ' + request.target.path + ' ' + request.body + '\n';
      for (auto const& [name, value] : request.fields) seen += name + ':' + value + '\n';
      outcome = reader.feed({});
    }
    if (outcome == RequestReader::Outcome::bad) {
      auto const status = reader.failure().status;
      promise(status == 400 || status == 413 || status == 431);
      return seen;
    }
  }
  return seen;
}

}  // namespace

// The same requests are read however the bytes are cut. (That the bytes behind them are wrong may
// be seen sooner in a larger piece.) The limits count the bytes of one call, so inputs that come
// near them are left out of the comparison.
extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  auto const whole = read(text, size);
  auto const in_steps = read(text, 1 + data[0] % 16);
  if (size < 256) promise(whole == in_steps);
  return 0;
}

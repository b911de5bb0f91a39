// The same body whole and cut, and a body never longer than what came.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "loadgen/client/http_response.hpp"

namespace {

using pushlab::loadgen::HttpResponse;

struct Outcome {
  std::string body;
  bool done;
  bool failed;
  bool operator==(Outcome const&) const = default;
};

Outcome outcome_of(std::string_view stream, std::size_t cut) {
  HttpResponse response;
  std::string body;
  for (std::size_t at = 0; at < stream.size(); at += cut) {
    std::string const own(stream.substr(at, cut));
    std::string_view input = own;
    for (auto piece = response.next(input); !piece.empty(); piece = response.next(input)) {
      body += piece;
    }
  }
  if (response.has_head()) response.header("content-type");
  return {body, response.done(), response.failed()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size < 3) return 0;
  // One bit of the input puts a sound head before the rest, so that the chunks are reached.
  std::string stream;
  if ((data[1] & 1) != 0) stream = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  stream.append(reinterpret_cast<char const*>(data) + 2, size - 2);
  auto const whole = outcome_of(stream, stream.size());
  if (whole != outcome_of(stream, 1U + data[0] % 16)) std::abort();
  if (whole.body.size() > stream.size()) std::abort();
  return 0;
}

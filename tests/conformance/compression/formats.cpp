#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/compression/codings.hpp"
#include "tests/conformance/compression/sections.hpp"
#include "tests/conformance/engine/capture.hpp"

namespace pushlab::conformance {
namespace {

Finding deflate_is_wrapped(Endpoint& endpoint) {
  auto const answer = answer_in(endpoint, "deflate");
  auto const begin = quoted(std::string_view(answer->wire).substr(0, 2));
  if (answer->wire.size() < 2) return skip("nothing came");
  if (answer->raw_deflate) return warn("a zlib header, as 9110 8.4.1.2 defines it", begin);
  return pass(begin);
}

// What is wrong with gzip as far as it came; empty: nothing.
std::string fault(ContentDecoder::State state, std::string const& error, std::size_t surplus) {
  if (state == ContentDecoder::State::broken) return error;
  if (surplus > 0)
    return fmt::format("{} bytes behind the first member, which browsers do not read", surplus);
  return {};
}

// The last bytes of a stream whose server stops.
Finding judge_end(Endpoint& endpoint) {
  auto stream = open_stream(endpoint, endpoint.url(), request_for(endpoint, "gzip"));
  stream.listen(endpoint.settings().still_open_s);
  endpoint.process().terminate();
  std::string how;
  stream.read(Deadline::in(endpoint.settings().websocket.drain_s),
              [&](auto const&) { return stream.body().end != Body::End::open; });
  endpoint.process().ended_within(endpoint.settings().websocket.drain_s, how);
  auto const& decoder = stream.decoder();
  auto const wrong = fault(decoder.state(), decoder.error(), decoder.surplus());
  if (!wrong.empty()) return fail("a right trailer or none at the end", wrong);
  return pass(decoder.state() == ContentDecoder::State::complete ? "ends with its trailer"
                                                                 : "ends without a trailer");
}

Finding gzip_is_one_member(Endpoint& endpoint) {
  auto const answer = answer_in(endpoint, "gzip");
  auto const expected = "one gzip member, whole or cut off";
  if (auto const wrong = fault(answer->state, answer->error, answer->surplus); !wrong.empty())
    return fail(expected, wrong);
  if (endpoint.strategy() == Strategy::sse)
    return endpoint.has_process() ? judge_end(endpoint) : pass("as far as it came");
  if (answer->complete && answer->state != ContentDecoder::State::complete)
    return fail("an answer that ends with its trailer", "the trailer is missing");
  return pass("whole");
}

// Of the first frame (RFC 8878 3.1.1.1); 0 when its header is not there.
std::uint64_t zstd_window(std::string_view bytes) {
  auto const at = [&](std::size_t i) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i]));
  };
  if (bytes.size() < 6 || !bytes.starts_with("\x28\xB5\x2F\xFD")) return 0;
  auto const descriptor = at(4);
  bool const single = (descriptor & 0x20) != 0;
  if (!single) {
    auto const base = 1ULL << (10 + (at(5) >> 3));
    return base + base / 8 * (at(5) & 7);
  }
  std::size_t const dictionary = (descriptor & 3) == 3 ? 4 : descriptor & 3;
  std::size_t const size = 1ULL << (descriptor >> 6);  // of the content's size
  std::uint64_t window = 0;
  for (std::size_t i = size; i > 0 && 5 + dictionary + i <= bytes.size(); --i)
    window = window << 8 | at(4 + dictionary + i);
  return size == 2 ? window + 256 : window;
}

Finding zstd_window_is_small(Endpoint& endpoint) {
  constexpr std::uint64_t most = 8U << 20;
  auto const answer = answer_in(endpoint, "zstd");
  auto const window = zstd_window(answer->wire);
  if (window == 0) return skip("no zstd frame came");
  auto const seen = fmt::format("{} KiB", window >> 10);
  return window <= most ? pass(seen) : fail("a window of at most 8 MiB", seen);
}

}  // namespace

std::vector<Case> compression_format_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"COMP-06", "deflate is zlib's format", "RFC 9110 8.4.1.2", url, minor, over_http()},
       deflate_is_wrapped},
      {{"COMP-07", "gzip is one member, never with a wrong trailer", "RFC 1952", url, major,
        over_http()},
       gzip_is_one_member,
       {.limit_s = 60, .alone = true}},
      {{"COMP-08", "zstd needs a window of 8 MiB at most", "RFC 8878 3.1.1.1, 9659", url, minor,
        over_http()},
       zstd_window_is_small},
  };
}

}  // namespace pushlab::conformance

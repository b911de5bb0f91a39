#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/sse_framing/sections.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::int64_t least_ms = 500, most_ms = 60'000;

bool digits_only(std::string const& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Finding retry_is_digits(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  if (capture->sse.retries.empty()) return skip("no retry came: see RECON-11");
  for (auto const& retry : capture->sse.retries) {
    if (!digits_only(retry))
      return fail("milliseconds in digits, nothing else: clients ignore it otherwise",
                  "retry: " + quoted(retry));
  }
  return pass("retry: " + capture->sse.retries.front());
}

Finding retry_is_sensible(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  auto const& retries = capture->sse.retries;
  if (retries.empty()) return skip("no retry came: see RECON-11");
  auto const expected = fmt::format("{} to {} ms, once a stream", least_ms, most_ms);
  for (auto const& text : retries) {
    std::int64_t retry_ms = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), retry_ms);
    bool const number = digits_only(text) && error != std::errc::result_out_of_range;
    if (digits_only(text) && (!number || retry_ms < least_ms || retry_ms > most_ms))
      return warn(expected, "retry: " + quoted(text));
  }
  if (retries.size() > 2 && retries.size() >= capture->sse.blocks.size())
    return warn(expected, fmt::format("one with each of {} events", retries.size()));
  return pass("retry: " + retries.front());
}

}  // namespace

std::vector<Case> retry_cases() {
  return {
      {{"SSE-FRAME-15", "retry holds digits only", "HTML 9.2.6", Level::url, Severity::major},
       retry_is_digits},
      {{"SSE-FRAME-16", "retry is 500 to 60,000 ms, and not with every event", "practice",
        Level::url, Severity::minor},
       retry_is_sensible},
  };
}

}  // namespace pushlab::conformance

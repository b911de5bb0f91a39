#include "tests/conformance/engine/verdicts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pushlab::conformance {
namespace {

constexpr std::size_t most_told = 4;

std::string told(std::vector<std::string> seen) {
  auto const more = seen.size() > most_told ? seen.size() - most_told : 0;
  seen.resize(seen.size() - more);
  auto text = fmt::format("{}", fmt::join(seen, "; "));
  return more == 0 ? text : fmt::format("{}; and {} more", text, more);
}

}  // namespace

Finding Verdicts::finding(std::string const& expected, std::string const& good) const {
  if (!bad_.empty()) return fail(expected, told(bad_));
  if (!soft_.empty()) return warn(expected, told(soft_));
  return pass(fmt::format("{} {}", good_, good));
}

}  // namespace pushlab::conformance

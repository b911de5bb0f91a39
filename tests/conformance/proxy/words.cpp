#include <fmt/format.h>

#include "tests/conformance/proxy/sections.hpp"

namespace pushlab::conformance {

Verdict worse_of(Verdict a, Verdict b) {
  auto const rank = [](Verdict v) { return v == Verdict::fail ? 2 : v == Verdict::warn ? 1 : 0; };
  return rank(a) < rank(b) ? b : a;
}

std::string duration(double seconds) {
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1000);
  return seconds < 9.95 ? fmt::format("{:.1f} s", seconds) : fmt::format("{:.0f} s", seconds);
}

}  // namespace pushlab::conformance

#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/engine/reporters.hpp"

namespace pushlab::conformance {
namespace {

// XML 1.0 has no other control characters; reasons are quoted text, so none is lost in practice.
std::string xml_escaped(std::string_view text) {
  std::string result;
  for (char const c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return result;
}

std::string outcome(Result const& result) {
  auto const reason = xml_escaped(result.finding.reason());
  switch (result.finding.verdict) {
    case Verdict::fail:
      return fmt::format("    <failure type=\"{}\" message=\"{}\">{}\nsource: {}</failure>\n",
                         name_of(result.rule.severity), reason,
                         xml_escaped(result.rule.requirement), xml_escaped(result.rule.source));
    case Verdict::skip:
      return fmt::format("    <skipped message=\"{}\"/>\n", reason);
    default:
      return fmt::format("    <system-out>{}: {}</system-out>\n", name_of(result.finding.verdict),
                         reason);
  }
}

}  // namespace

std::string junit_report(Tested const& tested, std::vector<Result> const& results) {
  auto const count = [&](Verdict verdict) {
    return std::count_if(results.begin(), results.end(),
                         [&](Result const& r) { return r.finding.verdict == verdict; });
  };
  auto text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuite name=\"pushlab conform {}\" tests=\"{}\" failures=\"{}\" errors=\"0\" "
      "skipped=\"{}\">\n",
      xml_escaped(tested.url), results.size(), count(Verdict::fail), count(Verdict::skip));
  for (auto const& result : results)
    text += fmt::format(
        "  <testcase classname=\"{}\" name=\"{} {}\" time=\"{:.3f}\">\n{}  </testcase>\n",
        result.rule.id.substr(0, result.rule.id.rfind('-')), result.rule.id,
        xml_escaped(result.rule.requirement), result.took_s, outcome(result));
  return text + "</testsuite>\n";
}

}  // namespace pushlab::conformance

#include <boost/json.hpp>

#include "tests/conformance/engine/reporters.hpp"

namespace pushlab::conformance {
namespace json = boost::json;
namespace {

json::object describe(Rule const& rule) {
  json::array strategies;
  for (auto const strategy : rule.strategies) strategies.emplace_back(name_of(strategy));
  return {{"id", rule.id},
          {"level", name_of(rule.level)},
          {"severity", name_of(rule.severity)},
          {"requirement", rule.requirement},
          {"source", rule.source},
          {"strategies", std::move(strategies)}};
}

json::object describe(Result const& result) {
  json::object one{{"id", result.rule.id},
                   {"verdict", name_of(result.finding.verdict)},
                   {"severity", name_of(result.rule.severity)},
                   {"reason", result.finding.reason()},
                   {"level", name_of(result.rule.level)},
                   {"requirement", result.rule.requirement},
                   {"source", result.rule.source}};
  if (!result.finding.expected.empty()) {
    one["expected"] = result.finding.expected;
    one["seen"] = result.finding.seen;
  }
  one["took_s"] = result.took_s;
  return one;
}

}  // namespace

std::string json_report(Tested const& tested, std::vector<Result> const& results) {
  json::array cases;
  json::object counts{{"pass", 0}, {"fail", 0}, {"warn", 0}, {"info", 0}, {"skip", 0}};
  for (auto const& result : results) {
    cases.push_back(describe(result));
    ++counts[name_of(result.finding.verdict)].as_int64();
  }
  return json::serialize(json::object{{"url", tested.url},
                                      {"strategy", name_of(tested.strategy)},
                                      {"cases", std::move(cases)},
                                      {"counts", std::move(counts)}}) +
         "\n";
}

std::string rule_list_json(std::vector<Case> const& cases) {
  json::array rules;
  for (auto const& one : cases) {
    auto rule = describe(one.rule);
    rule["testable"] = static_cast<bool>(one.check);
    if (!one.check) rule["why_not"] = one.why_not;
    rules.push_back(std::move(rule));
  }
  return json::serialize(rules) + "\n";
}

}  // namespace pushlab::conformance

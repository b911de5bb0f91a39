#include "servers/hub/access_rules.hpp"

#include <algorithm>

namespace pushlab::server {
namespace {

bool is_pattern(AccessRules::Rule const& rule) {
  return rule.pattern.ends_with('*');
}

bool matches(AccessRules::Rule const& rule, std::string_view name) {
  if (!is_pattern(rule)) return rule.pattern == name;
  return name.starts_with(std::string_view{rule.pattern}.substr(0, rule.pattern.size() - 1));
}

// Both sides are sorted, but there are few roles, and they are short.
bool have_one_in_common(std::vector<std::string> const& some,
                        std::vector<std::string> const& others) {
  return std::find_first_of(some.begin(), some.end(), others.begin(), others.end()) != some.end();
}

}  // namespace

AccessRules::AccessRules(std::vector<Rule> rules) : is_open_(false), rules_(std::move(rules)) {
  std::sort(rules_.begin(), rules_.end(), [](Rule const& a, Rule const& b) {
    if (is_pattern(a) != is_pattern(b)) return is_pattern(b);
    return a.pattern.size() > b.pattern.size();
  });
}

bool AccessRules::allows(Audience const& audience, std::string_view name) const {
  if (is_open_) return true;
  auto const rule = std::find_if(rules_.begin(), rules_.end(),
                                 [name](Rule const& one) { return matches(one, name); });
  if (rule == rules_.end()) return audience.authenticated;
  switch (rule->who) {
    case Rule::Who::everybody:
      return true;
    case Rule::Who::authenticated:
      return audience.authenticated;
    case Rule::Who::roles:
      return have_one_in_common(rule->roles, audience.roles);
  }
  return false;
}

bool AccessRules::any_for_everybody() const {
  return is_open_ || std::any_of(rules_.begin(), rules_.end(),
                                 [](Rule const& rule) { return rule.who == Rule::Who::everybody; });
}

}  // namespace pushlab::server

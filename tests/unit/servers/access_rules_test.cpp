#include "servers/hub/access_rules.hpp"

#include <gtest/gtest.h>

namespace pushlab::server {
namespace {

using Who = AccessRules::Rule::Who;

Audience const nobody{};
Audience const user{true, {}};
Audience const admin{true, {"admin", "staff"}};

TEST(AccessRules, without_any_everybody_may_have_everything) {
  AccessRules const rules;
  EXPECT_TRUE(rules.is_open());
  EXPECT_TRUE(rules.allows(nobody, "anything"));
  EXPECT_TRUE(rules.any_for_everybody());
}

TEST(AccessRules, a_name_without_a_rule_is_for_the_authenticated) {
  AccessRules const rules{std::vector<AccessRules::Rule>{}};
  EXPECT_FALSE(rules.is_open());
  EXPECT_FALSE(rules.allows(nobody, "a"));
  EXPECT_TRUE(rules.allows(user, "a"));
  EXPECT_FALSE(rules.any_for_everybody());
}

TEST(AccessRules, each_kind_lets_in_whom_it_says) {
  AccessRules const rules{{{"news", Who::everybody},
                           {"orders", Who::authenticated},
                           {"audit", Who::roles, {"auditor", "admin"}},
                           {"locked", Who::roles, {}}}};
  struct Case {
    char const* name;
    bool nobody, user, admin;
  };
  for (auto const& [name, to_nobody, to_user, to_admin] :
       {Case{"news", true, true, true}, Case{"orders", false, true, true},
        Case{"audit", false, false, true}, Case{"locked", false, false, false}}) {
    EXPECT_EQ(rules.allows(nobody, name), to_nobody) << name;
    EXPECT_EQ(rules.allows(user, name), to_user) << name;
    EXPECT_EQ(rules.allows(admin, name), to_admin) << name;
  }
  EXPECT_TRUE(rules.any_for_everybody());
}

TEST(AccessRules, an_exact_name_beats_a_pattern_and_a_longer_pattern_a_shorter_one) {
  // In an order that is right for nobody who takes the first that matches.
  AccessRules const rules{{{"*", Who::authenticated},
                           {"audit.*", Who::roles, {}},
                           {"audit.logins.*", Who::everybody},
                           {"audit.logins.failed", Who::roles, {"admin"}},
                           {"audit.open", Who::everybody}}};
  EXPECT_FALSE(rules.allows(nobody, "other"));
  EXPECT_TRUE(rules.allows(user, "other"));
  EXPECT_FALSE(rules.allows(admin, "audit.money"));
  EXPECT_TRUE(rules.allows(nobody, "audit.logins.x"));
  EXPECT_FALSE(rules.allows(nobody, "audit.logins.failed"));
  EXPECT_TRUE(rules.allows(admin, "audit.logins.failed"));
  EXPECT_TRUE(rules.allows(nobody, "audit.open"));
}

TEST(AccessRules, a_pattern_is_the_beginning_of_a_name_and_of_nothing_else) {
  AccessRules const rules{{{"a.*", Who::everybody}}};
  EXPECT_TRUE(rules.allows(nobody, "a."));
  EXPECT_TRUE(rules.allows(nobody, "a.b.c"));
  EXPECT_FALSE(rules.allows(nobody, "a"));
  EXPECT_FALSE(rules.allows(nobody, "b.a.c"));
}

TEST(AccessRules, a_star_inside_a_name_is_no_pattern) {
  AccessRules const rules{{{"a*b", Who::everybody}}};
  EXPECT_TRUE(rules.allows(nobody, "a*b"));
  EXPECT_FALSE(rules.allows(nobody, "axb"));
}

}  // namespace
}  // namespace pushlab::server

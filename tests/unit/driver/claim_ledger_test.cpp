// Every name in the claims and the decision that is kept in the repository must mean something: a
// claim whose experiment, target, rule or metric is gone would be "not testable here" for ever.

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "driver/claim_file.hpp"
#include "driver/decision_file.hpp"
#include "driver/target.hpp"
#include "results/read.hpp"

namespace pushlab::driver {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

fs::path const scenarios = PUSHLAB_SCENARIOS_FOLDER;

DecisionFile const& decision() {
  static auto const read = read_decision_file(scenarios / "decision.toml");
  return read;
}

json::array const& claims() {
  static auto const read = read_claims(decision().claims, claim_names(decision()));
  return read;
}

template <class Each>
void for_each_check(Each&& each) {
  for (auto const& claim : claims()) {
    auto const& object = claim.as_object();
    for (auto const& check : results::array_at(object, "checks")) {
      SCOPED_TRACE(results::text_at(object, "id") + ": " +
                   results::text_at(check.as_object(), "title"));
      each(check.as_object());
    }
  }
}

TEST(ClaimLedger, has_every_claim_from_C01_to_C40_in_a_file_of_its_name) {
  ASSERT_EQ(claims().size(), 40U);
  for (std::size_t i = 0; i < 40; ++i) {
    auto const id = results::text_at(claims()[i].as_object(), "id");
    EXPECT_EQ(id, (i < 9 ? "C0" : "C") + std::to_string(i + 1));
    EXPECT_TRUE(fs::exists(decision().claims / (id + ".toml"))) << id;
  }
}

TEST(ClaimLedger, every_target_of_every_experiment_is_there) {
  for (auto const& experiment : decision().experiments)
    for (auto const* scenario : {&experiment.scenario, &experiment.quick})
      for (auto const& entry : scenario->targets)
        EXPECT_TRUE(fs::exists(scenarios / "targets" / (entry.id + ".toml")))
            << experiment.name << ": " << entry.id;
}

TEST(ClaimLedger, every_check_asks_a_target_of_its_experiment) {
  std::map<std::string, std::set<std::string>> targets;
  for (auto const& experiment : decision().experiments)
    for (auto const& entry : experiment.scenario.targets)
      targets[experiment.name].insert(entry.name);
  for_each_check([&](json::object const& check) {
    if (!check.contains("metric")) return;
    auto const& known = targets[results::text_at(check, "experiment")];
    for (char const* key : {"target", "against"}) {
      if (!check.contains(key)) continue;
      EXPECT_TRUE(known.contains(results::text_at(check, key))) << check.at(key);
    }
  });
}

TEST(ClaimLedger, every_rule_that_a_check_asks_is_checked_on_that_target) {
  std::map<std::string, std::set<std::string>> cases;
  for (auto const& given : decision().conformance)
    cases[given.target].insert(given.cases.begin(), given.cases.end());
  for_each_check([&](json::object const& check) {
    if (!check.contains("conform")) return;
    EXPECT_TRUE(
        cases[results::text_at(check, "target")].contains(results::text_at(check, "conform")))
        << check;
  });
}

TEST(ClaimLedger, every_rule_that_is_checked_exists_and_is_asked_by_a_claim) {
  auto const known = claim_names(decision()).rules;
  std::set<std::string> asked;
  for_each_check([&](json::object const& check) {
    if (check.contains("conform"))
      asked.insert(results::text_at(check, "target") + " " + results::text_at(check, "conform"));
  });
  for (auto const& given : decision().conformance) {
    EXPECT_TRUE(fs::exists(scenarios / "targets" / (given.target + ".toml"))) << given.target;
    for (auto const& id : given.cases) {
      EXPECT_NE(std::ranges::find(known, id), known.end()) << id;
      EXPECT_TRUE(asked.contains(given.target + " " + id)) << given.target << " " << id;
    }
  }
}

// A share over several proxies would be refuted by the first that is unlike the others.
TEST(ClaimLedger, whoever_asks_proxies_asks_each_of_them_by_itself) {
  std::set<std::string> there;
  for (auto const& entry : fs::directory_iterator(scenarios / "proxies"))
    if (entry.is_directory()) there.insert(entry.path().filename().string());
  for (auto const& claim : claims()) {
    std::set<std::string> asked;
    bool any = false;
    for (auto const& check : results::array_at(claim.as_object(), "checks")) {
      if (!check.as_object().contains("matrix")) continue;
      any = true;
      asked.insert(results::text_at(check.as_object(), "proxy"));
      EXPECT_TRUE(check.as_object().contains("flavour")) << check;
      EXPECT_TRUE(results::truth_at(check.as_object(), "optional", false)) << check;
    }
    if (any) {
      EXPECT_EQ(asked, there) << claim.at("id");
    }
  }
}

}  // namespace
}  // namespace pushlab::driver

// The claims and the decision that are kept in the repository. Reading them finds every name that
// means nothing.

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
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

bool has_floor(Scenario const& scenario) {
  return std::ranges::any_of(scenario.targets, [](auto const& one) { return one.id == "null"; });
}

TEST(Scenarios, all_have_a_floor) {
  for (auto const* folder : {"", "experiments"}) {
    for (auto const& file : fs::directory_iterator(scenarios / folder)) {
      auto const name = file.path().filename();
      if (name.extension() != ".toml" || name == "decision.toml" || name == "gate.toml") continue;
      EXPECT_TRUE(has_floor(read_scenario(file.path()))) << name;
    }
  }
  for (auto const& experiment : decision().experiments)
    EXPECT_TRUE(has_floor(experiment.quick)) << experiment.name << " with --quick";
}

TEST(ClaimLedger, every_target_of_every_experiment_is_there) {
  for (auto const& experiment : decision().experiments)
    for (auto const* scenario : {&experiment.scenario, &experiment.quick})
      for (auto const& entry : scenario->targets)
        EXPECT_TRUE(fs::exists(scenarios / "targets" / (entry.id + ".toml")))
            << experiment.name << ": " << entry.id;
}

TEST(ClaimLedger, every_rule_that_is_checked_is_asked_by_a_claim) {
  std::set<std::string> asked;
  for_each_check([&](json::object const& check) {
    if (check.contains("conform"))
      asked.insert(results::text_at(check, "target") + " " + results::text_at(check, "conform"));
  });
  for (auto const& given : decision().conformance) {
    EXPECT_TRUE(fs::exists(scenarios / "targets" / (given.target + ".toml"))) << given.target;
    for (auto const& id : given.cases) {
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

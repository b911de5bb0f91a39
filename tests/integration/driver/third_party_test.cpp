#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "program.hpp"

namespace pushlab::driver {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// One installed server of others, carried through the smoke scenario.
struct Trial {
  explicit Trial(std::string target)
      : id(std::move(target)),
        run({"run", "scenarios/smoke.toml", "--targets", id, "--allow-debug", "--out",
             out.path().string()}) {}

  json::object repetition() const {
    fs::path folder;
    for (auto const& entry : fs::directory_iterator(out.path())) folder = entry.path();
    auto const result = json::parse(text_of(folder / "result.json")).as_object();
    return result.at("targets").at(0).at("repetitions").at(0).as_object();
  }

  std::string id;
  TemporaryFolder out;
  Background run;
};

std::vector<std::string> installed() {
  std::vector<std::string> ids;
  auto const list = json::parse(pushlab({"list", "--json"}).out).as_object();
  for (auto const& target : list.at("targets").as_array()) {
    if (target.at("third_party").as_bool() && target.at("installed").as_bool())
      ids.emplace_back(target.at("id").as_string());
  }
  return ids;
}

TEST(ThirdParty, every_target_that_is_installed_delivers_everything) {
  auto const ids = installed();
  if (ids.empty()) GTEST_SKIP() << "none is installed: run scripts/setup --peers";
  std::vector<std::unique_ptr<Trial>> trials;
  for (auto const& id : ids) trials.push_back(std::make_unique<Trial>(id));
  for (auto const& trial : trials) {
    SCOPED_TRACE(trial->id);
    auto const finished = trial->run.finish();
    // A busy machine makes a run invalid, never lossy.
    ASSERT_TRUE(finished.status.code == 0 || finished.status.code == 3) << finished.err;
    auto const repetition = trial->repetition();
    ASSERT_TRUE(repetition.at("error").is_null()) << json::serialize(repetition.at("error"));
    EXPECT_EQ(repetition.at("expected").to_number<int>(), 20 * 10);  // 2 names, 1 of them each
    EXPECT_EQ(repetition.at("delivered"), repetition.at("expected"));
  }
}

}  // namespace
}  // namespace pushlab::driver

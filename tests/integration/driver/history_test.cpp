#include <gtest/gtest.h>

#include <fmt/format.h>

#include <fstream>

#include "program.hpp"
#include "tests/unit/results/sample_history.hpp"

namespace pushlab::driver {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class ReportHistory : public testing::Test {
 protected:
  void put(std::string const& name, json::object const& result) {
    fs::create_directories(path() / name);
    std::ofstream(path() / name / "result.json") << result;
  }
  void put_all(std::vector<json::object> const& all) {
    for (std::size_t i = 0; i < all.size(); ++i) put(fmt::format("{}", all.size() - i), all[i]);
  }
  fs::path const& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

TEST_F(ReportHistory, finds_change_points_below_a_folder_and_writes_the_page) {
  put_all(sample::history(24));
  auto const done = pushlab({"report", "--history", path().string()});
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_NE(done.out.find("worse"), std::string::npos) << done.out;
  EXPECT_NE(text_of(path() / "history.html").find("in 24 results</h1>"), std::string::npos);
}

TEST_F(ReportHistory, names_what_it_leaves_out_and_goes_on) {
  put_all(sample::history(2));
  put("decision", {{"schema", "pushlab.decision/1"}});
  fs::create_directories(path() / "broken");
  std::ofstream(path() / "broken/result.json") << "{";
  auto odd = sample::history(1).front();
  odd.erase("answer");
  odd["targets"].as_array()[0].as_object()["repetitions"] = json::array{1};
  put("odd", odd);
  auto const done = pushlab({"report", "--history", path().string()});
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_TRUE(done.out.starts_with("no change points in 2 results\n")) << done.out;
  EXPECT_NE(done.err.find("its schema is \"pushlab.decision/1\""), std::string::npos) << done.err;
  EXPECT_NE(done.err.find("broken/result.json"), std::string::npos) << done.err;
  EXPECT_NE(done.err.find("odd/result.json: a member is missing"), std::string::npos) << done.err;
}

TEST_F(ReportHistory, prints_its_facts_as_one_JSON_object) {
  put_all(sample::history(24));
  auto const page = path() / "elsewhere.html";
  auto const lines =
      pushlab({"report", "--history", path().string(), "--json", "--out", page.string()}).lines();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].at("schema").as_string(), "pushlab.history/1");
  EXPECT_FALSE(lines[0].at("change_points").as_array().empty());
  EXPECT_TRUE(fs::exists(page));
}

TEST_F(ReportHistory, refuses_what_makes_no_sense) {
  for (auto const& [arguments, complaint] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"report"}, "name runs, or a folder of them with --history"},
           {{"report", "a", "--history", path().string()}, "one of the two"},
           {{"report", "a", "--json"}, "--json prints the facts of a --history"},
           {{"report", "a", "b", "--baseline", "c"}, "name a single run"},
           {{"report", "--history", (path() / "none").string()}, "there is no such folder"}}) {
    auto const done = pushlab(arguments);
    EXPECT_EQ(done.status.code, 2) << complaint;
    EXPECT_NE(done.err.find(complaint), std::string::npos) << done.err;
  }
}

TEST_F(ReportHistory, compares_a_run_with_a_baseline_and_does_not_block) {
  auto const reference = fs::path(PUSHLAB_SOURCE_FOLDER) / "results/reference/result.json";
  fs::copy_file(reference, path() / "result.json");
  auto const done = pushlab({"report", path().string(), "--baseline", reference.string()});
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_NE(done.out.find("Neither run has a null server"), std::string::npos) << done.out;
  EXPECT_NE(done.out.find("Bytes per delivery"), std::string::npos);
  EXPECT_NE(text_of(path() / "report.html").find("Against the baseline"), std::string::npos);
}

}  // namespace
}  // namespace pushlab::driver

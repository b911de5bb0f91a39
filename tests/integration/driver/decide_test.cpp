#include <gtest/gtest.h>

#include <fstream>

#include "program.hpp"
#include "tests/unit/results/decision_fixture.hpp"

namespace pushlab::driver {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class Decide : public testing::Test {
 protected:
  void put(json::object const& run) { std::ofstream(folder() / "result.json") << run; }
  void put_reference() {
    fs::copy_file(fs::path(PUSHLAB_SOURCE_FOLDER) / "results/reference/result.json",
                  folder() / "result.json");
  }
  fs::path const& folder() const { return folder_.path(); }
  std::string record() const { return text_of(folder() / "decision-record.md"); }

 private:
  TemporaryFolder folder_;
};

TEST_F(Decide, writes_a_record_beside_an_ordinary_result) {
  put_reference();
  auto const done = pushlab({"decide", folder().string()});
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_TRUE(done.out.starts_with("decision   ")) << done.out;
  EXPECT_NE(done.out.find((folder() / "decision-record.md").string()), std::string::npos);
  EXPECT_NE(record().find("\n## Decision Outcome\n"), std::string::npos);
}

TEST_F(Decide, reads_a_decision_and_prints_the_record) {
  put(sample::decision(
      {sample::experiment({}, {sample::option("sse", "sse", 40, 9, 9, 300),
                               sample::option("websocket", "websocket", 20, 5, 5, 200)})}));
  auto const done = pushlab({"decide", (folder() / "result.json").string(), "--out", "-"});
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_TRUE(done.out.starts_with("---\nstatus: proposed\n")) << done.out;
  EXPECT_NE(done.out.find("Chosen option: \"WebSocket\""), std::string::npos);
  EXPECT_FALSE(fs::exists(folder() / "decision-record.md"));
}

TEST_F(Decide, tells_which_file_is_not_as_it_was_recorded) {
  for (char const* text :
       {R"({"schema":"pushlab.decision/1","experiments":[3]})",
        R"({"schema":"pushlab.decision/1","experiments":[],"conformance":[3],"matrix":{}})",
        R"({"schema":"pushlab.result/1","targets":[]})"}) {
    put(json::parse(text).as_object());
    auto const done = pushlab({"report", folder().string()});
    EXPECT_EQ(done.status.code, 2) << text;
    EXPECT_TRUE(done.err.starts_with("pushlab: " + folder().string() + ": ")) << done.err;
  }
}

TEST_F(Decide, takes_a_run_that_stands_behind_the_weights) {
  put_reference();
  auto const done = pushlab({"decide", "--weights", "cpu=3", folder().string()});
  EXPECT_EQ(done.status.code, 0) << done.err;
}

TEST_F(Decide, links_to_the_run_from_where_the_record_is_written) {
  put_reference();
  fs::create_directories(folder() / "figures");
  std::ofstream(folder() / "figures/latency.svg") << "<svg/>";
  std::ofstream(folder() / "report.html") << "<html></html>";
  fs::create_directories(folder() / "docs/decisions");
  auto const file = folder() / "docs/decisions/0001.md";
  EXPECT_EQ(pushlab({"decide", folder().string(), "--out", file.string()}).status.code, 0);
  auto const text = text_of(file);
  EXPECT_NE(text.find("(../../figures/latency.svg)"), std::string::npos) << text;
  EXPECT_NE(text.find("(../../report.html)"), std::string::npos);
}

TEST_F(Decide, prints_one_JSON_object) {
  put_reference();
  auto const lines = pushlab({"decide", folder().string(), "--json"}).lines();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].at("verdict").as_string(), "chosen");
}

TEST_F(Decide, says_what_other_weights_change) {
  put_reference();
  auto const done = pushlab({"decide", folder().string(), "--weights", "freshness=0,memory=1,cpu=0",
                             "--weights", "bytes=0,useless=0,loss=0"});
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_NE(record().find("By the default weights the outcome is another"), std::string::npos);
}

TEST_F(Decide, refuses_weights_that_it_does_not_understand) {
  put_reference();
  for (auto const& [given, complaint] : std::vector<std::pair<std::string, std::string>>{
           {"cpus=1", "there is no criterion cpus, perhaps cpu is meant"},
           {"cpu=much", "\"much\" is no weight: give a number from 0 on"},
           {"cpu=-1", "\"-1\" is no weight"},
           {"cpu", "give CRITERION=NUMBER"},
           {"cpu=1,cpu=2", "cpu is given twice"}}) {
    auto const done = pushlab({"decide", folder().string(), "--weights", given});
    EXPECT_EQ(done.status.code, 2);
    EXPECT_NE(done.err.find(complaint), std::string::npos) << done.err;
    EXPECT_NE(done.err.find("the criteria are freshness, cpu, memory"), std::string::npos);
  }
}

TEST_F(Decide, refuses_a_run_in_which_nothing_was_measured_validly) {
  auto invalid = sample::option("sse", "sse", 5, 1, 1, 100);
  invalid.valid = false;
  put(sample::decision({sample::experiment({}, {invalid})}));
  auto const done = pushlab({"decide", folder().string()});
  EXPECT_EQ(done.status.code, 3);
  EXPECT_NE(done.err.find("No option was measured validly"), std::string::npos) << done.err;
  EXPECT_FALSE(fs::exists(folder() / "decision-record.md"));
}

}  // namespace
}  // namespace pushlab::driver

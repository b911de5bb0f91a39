#include "driver/gate_writer.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "driver/commands.hpp"
#include "driver/input_error.hpp"
#include "driver/temporary_folder.hpp"
#include "tests/unit/report/sample_gate.hpp"

namespace pushlab::driver {
namespace {

namespace fs = std::filesystem;

std::string text_of(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> names_in(fs::path const& folder) {
  std::set<std::string> names;
  for (auto const& entry : fs::directory_iterator(folder))
    names.insert(entry.path().filename().string());
  return names;
}

std::set<std::string> const every_file{"gate.json",   "junit.xml",   "summary.md",
                                       "metrics.txt", "report.html", "benchmark-action.json",
                                       "bencher.json"};

// Also away from whatever CI service runs the test.
class GateWriter : public testing::Test {
 protected:
  GateWriter() { ::unsetenv("GITHUB_STEP_SUMMARY"); }
  ~GateWriter() override { ::unsetenv("GITHUB_STEP_SUMMARY"); }

  fs::path folder() const { return folder_.path() / "gate" / "of today"; }
  fs::path summary() const { return folder_.path() / "step"; }
  // What is written to the standard error.
  std::string write() {
    testing::internal::CaptureStderr();
    write_gate_files(sample::gate(), folder());
    return testing::internal::GetCapturedStderr();
  }

 private:
  TemporaryFolder folder_;
};

TEST_F(GateWriter, writes_every_file_whole_into_a_new_folder) {
  EXPECT_EQ(write(), "");
  EXPECT_EQ(names_in(folder()), every_file);
  for (auto const& name : every_file) EXPECT_TRUE(text_of(folder() / name).ends_with('\n')) << name;
  EXPECT_EQ(read_gate(folder()).targets.size(), 4U);
}

TEST_F(GateWriter, appends_the_step_summary_to_what_is_there) {
  std::ofstream(summary()) << "built in 3 min\n";
  ::setenv("GITHUB_STEP_SUMMARY", summary().c_str(), 1);
  EXPECT_EQ(write(), "");
  EXPECT_EQ(text_of(summary()), "built in 3 min\n" + text_of(folder() / "summary.md"));
}

TEST_F(GateWriter, only_warns_when_the_step_summary_cannot_be_written) {
  ::setenv("GITHUB_STEP_SUMMARY", (summary() / "nowhere").c_str(), 1);
  EXPECT_NE(write().find("summary.md"), std::string::npos);
  EXPECT_EQ(names_in(folder()), every_file);
  ::setenv("GITHUB_STEP_SUMMARY", "", 1);
  EXPECT_EQ(write(), "");
}

TEST_F(GateWriter, says_which_file_is_no_gate) {
  fs::create_directories(folder());
  EXPECT_FALSE(is_gate(folder()));
  std::ofstream(folder() / "gate.json") << R"({"schema": "pushlab.gate/2"})";
  EXPECT_TRUE(is_gate(folder()));
  EXPECT_TRUE(is_gate(folder() / "gate.json"));
  try {
    read_gate(folder());
    FAIL() << "it was read";
  } catch (InputError const& error) {
    EXPECT_NE(std::string(error.what()).find("gate.json: no pushlab.gate/1"), std::string::npos)
        << error.what();
  }
}

struct Reported {
  int status = -1;
  std::string out;
};
Reported report(std::vector<std::string> arguments) {
  CLI::App app;
  Reported result;
  add_report_command(app, result.status);
  arguments.insert(arguments.begin(), "report");
  std::ranges::reverse(arguments);
  testing::internal::CaptureStdout();
  try {
    app.parse(arguments);
  } catch (...) {
    testing::internal::GetCapturedStdout();
    throw;
  }
  result.out = testing::internal::GetCapturedStdout();
  return result;
}

TEST_F(GateWriter, report_writes_the_files_of_a_gate_again) {
  write();
  for (auto const& name : every_file)
    if (name != "gate.json") fs::remove(folder() / name);
  ::setenv("GITHUB_STEP_SUMMARY", summary().c_str(), 1);
  auto const before = text_of(folder() / "gate.json");
  auto const reported = report({folder().string()});
  EXPECT_EQ(reported.status, 0);
  EXPECT_NE(reported.out.find("\nfail: SSE / "), std::string::npos) << reported.out;
  EXPECT_TRUE(reported.out.ends_with("report.html\n")) << reported.out;
  EXPECT_EQ(names_in(folder()), every_file);
  EXPECT_EQ(text_of(folder() / "gate.json"), before);
  EXPECT_FALSE(fs::exists(summary()));  // the step had its summary
}

TEST_F(GateWriter, says_what_is_odd_in_a_gate_and_not_where_in_a_library) {
  write();
  auto text = text_of(folder() / "gate.json");
  auto const at = text.find("\"restarts\":") + 11;
  std::ofstream(folder() / "gate.json") << text.insert(at, "-");
  try {
    read_gate(folder());
    FAIL() << "it was read";
  } catch (InputError const& error) {
    EXPECT_NE(std::string(error.what()).find("gate.json: not exact: give"), std::string::npos)
        << error.what();
  }
}

TEST_F(GateWriter, report_refuses_what_a_gate_has_not) {
  write();
  EXPECT_THROW(report({folder().string(), folder().string()}), InputError);
  EXPECT_THROW(report({folder().string(), "--hlog", "x"}), InputError);
}

}  // namespace
}  // namespace pushlab::driver

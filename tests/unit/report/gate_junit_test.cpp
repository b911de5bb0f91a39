#include "report/gate_junit.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "tests/unit/report/golden.hpp"
#include "tests/unit/report/sample_gate.hpp"

namespace pushlab::report {
namespace {

// xmllint of libxml2 reads it: no parser of ours.
class Linted {
 public:
  explicit Linted(std::string const& xml) {
    if (::mkstemp(path_.data()) < 0) throw std::runtime_error(path_);
    std::ofstream(path_, std::ios::binary) << xml;
  }
  ~Linted() { std::filesystem::remove(path_); }
  Linted(Linted const&) = delete;
  Linted& operator=(Linted const&) = delete;

  // What it prints, and then its exit status.
  std::string run(std::string const& arguments) const {
    auto const command = "xmllint " + arguments + ' ' + path_ + " 2>&1; echo \"exit $?\"";
    auto* pipe = ::popen(command.c_str(), "r");
    std::string text;
    for (int c = 0; pipe && (c = std::fgetc(pipe)) != EOF;) text += static_cast<char>(c);
    if (pipe) ::pclose(pipe);
    return text;
  }
  std::string xpath(std::string const& expression) const {
    auto const text = run("--xpath '" + expression + "'");
    return text.substr(0, text.rfind("exit 0") - 1);  // and the line end that xmllint adds
  }
  bool is_valid() const {
    auto const said = run("--noout --nonet --schema " PUSHLAB_JUNIT_SCHEMA);
    EXPECT_TRUE(said.ends_with("validates\nexit 0\n")) << said;
    return said.ends_with("validates\nexit 0\n");
  }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "pushlab-XXXXXX").string();
};

TEST(GateJunit, is_what_it_was) {
  EXPECT_EQ(gate_junit(sample::gate()), golden("junit.xml"));
}

TEST(GateJunit, is_valid_whatever_the_names_are) {
  EXPECT_TRUE(Linted(gate_junit(sample::gate())).is_valid());
  EXPECT_TRUE(Linted(gate_junit(sample::passed_gate())).is_valid());
  EXPECT_TRUE(Linted(gate_junit(sample::hostile_gate())).is_valid());
}

TEST(GateJunit, gives_names_back_as_they_were_but_for_what_xml_cannot_hold) {
  Linted const xml(gate_junit(sample::hostile_gate()));
  EXPECT_EQ(xml.xpath("string(/testsuites/testsuite[1]/@name)"),
            "SSEa\"b'<c>&]]>|#d\n\xef\xbf\xbd\x7f\\`*e");
}

TEST(GateJunit, says_each_verdict_in_its_own_way) {
  Linted const xml(gate_junit(sample::gate()));
  auto const value = [&](std::string const& of) { return xml.xpath("string(//" + of + ")"); };
  EXPECT_EQ(value("testcase[failure]/@name"), "Event, median subscriber");
  EXPECT_EQ(value("failure/@message"), "10.0 % more, at least 8.8 %; tolerated are 2.0 %");
  EXPECT_EQ(value("testcase[skipped]/@classname"), "pushlab.gate.websocket");
  EXPECT_EQ(value("testcase[error]/@classname"), "pushlab.gate.long-poll");
  EXPECT_EQ(value("error/@message"), "the load generator used 97 % of its core");
  EXPECT_EQ(value("property[@name=\"seed\"]/@value"), "7");
  EXPECT_EQ(value("property[@name=\"base\"]/@value"), "main (8b62c63)");
  EXPECT_EQ(value("testsuite/@hostname"), "runner-1");
}

TEST(GateJunit, counts_what_is_in_it) {
  Linted const xml(gate_junit(sample::gate()));
  EXPECT_EQ(xml.xpath("/testsuites/@tests = count(//testcase)"), "true");
  EXPECT_EQ(xml.xpath("/testsuites/@failures = count(//failure)"), "true");
  EXPECT_EQ(xml.xpath("/testsuites/@errors = count(//error)"), "true");
  EXPECT_EQ(xml.xpath("count(//testsuite[@tests != count(testcase)])"), "0");
  EXPECT_EQ(xml.xpath("count(//testsuite[@skipped != count(testcase/skipped)])"), "0");
}

TEST(GateJunit, never_looks_passed_when_the_gate_did_not_pass) {
  results::GateReport nothing;
  nothing.started = "2026-11-29T16:30:00Z";
  nothing.verdict = results::GateVerdict::invalid;
  Linted const xml(gate_junit(nothing));
  EXPECT_TRUE(xml.is_valid());
  EXPECT_EQ(xml.xpath("count(//error)"), "1");

  auto unexplained = sample::passed_gate();
  unexplained.targets[0].verdict = results::GateVerdict::fail;
  EXPECT_EQ(Linted(gate_junit(unexplained)).xpath("count(//failure)"), "1");
}

}  // namespace
}  // namespace pushlab::report

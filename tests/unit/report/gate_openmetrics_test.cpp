#include "report/gate_openmetrics.hpp"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/unit/report/golden.hpp"
#include "tests/unit/report/sample_gate.hpp"

namespace pushlab::report {
namespace {

// The rules of OpenMetrics 1.0 for what we write: line by line, families one after the other, each
// with its metadata first, units as suffixes, no sample twice. An empty answer: all kept.
class Strict {
 public:
  std::string judge(std::string const& text) {
    if (!text.ends_with("\n# EOF\n")) return "no EOF";
    std::istringstream in(text);
    for (std::string line; std::getline(in, line) && line != "# EOF";) {
      auto const trouble = line.starts_with('#') ? metadata(line) : sample(line);
      if (!trouble.empty()) return trouble + ": " + line;
    }
    return {};
  }
  std::map<std::string, std::string> const& samples() const { return samples_; }

 private:
  std::string metadata(std::string const& line) {
    static std::regex const form("# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) ([^\\n]*)");
    std::smatch parts;
    if (!std::regex_match(line, parts, form)) return "no metadata";
    if (parts[1] == "TYPE") {
      family_ = parts[2];
      type_ = parts[3];
      if (!std::set<std::string>{"gauge", "stateset", "info"}.contains(type_)) return "type";
      return families_.insert(family_).second ? "" : "family twice";
    }
    if (parts[2] != family_) return "metadata of another family";
    if (parts[1] == "UNIT" && !family_.ends_with("_" + parts[3].str())) return "unit is no suffix";
    return {};
  }
  std::string sample(std::string const& line) {
    static std::regex const form(
        "([a-zA-Z_:][a-zA-Z0-9_:]*)"
        "(\\{[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\""
        "(?:,[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\")*\\})?"
        " (-?[0-9]+(?:\\.[0-9]+)?(?:e[-+][0-9]+)?|[-+]Inf)");
    std::smatch parts;
    if (!std::regex_match(line, parts, form)) return "no sample";
    if (parts[1] != family_ + (type_ == "info" ? "_info" : "")) return "sample of another family";
    if (type_ == "stateset" && parts[3] != "0" && parts[3] != "1") return "state";
    if (type_ == "stateset" && line.find(family_ + "=\"") == std::string::npos) return "no state";
    return samples_.emplace(parts[1].str() + parts[2].str(), parts[3]).second ? "" : "sample twice";
  }

  std::string family_, type_;
  std::set<std::string> families_;
  std::map<std::string, std::string> samples_;
};

TEST(GateOpenMetrics, is_what_it_was) {
  EXPECT_EQ(gate_openmetrics(sample::gate()), golden("metrics.txt"));
}

TEST(GateOpenMetrics, keeps_the_rules_whatever_the_names_are) {
  for (auto const& report :
       {sample::gate(), sample::passed_gate(), sample::hostile_gate(), results::GateReport{}})
    EXPECT_EQ(Strict().judge(gate_openmetrics(report)), "");
}

TEST(GateOpenMetrics, has_no_number_sign_outside_of_comments) {
  std::istringstream in(gate_openmetrics(sample::hostile_gate()));
  for (std::string line; std::getline(in, line);)
    if (!line.starts_with('#')) {
      EXPECT_EQ(line.find('#'), std::string::npos) << line;
    }
}

TEST(GateOpenMetrics, gives_base_units_verdicts_and_infinite_bounds) {
  Strict strict;
  ASSERT_EQ(strict.judge(gate_openmetrics(sample::gate())), "");
  auto const& all = strict.samples();
  auto const of = [&](std::string const& name, std::string const& metric) {
    auto const found = all.find(name + "{target=\"sse\",metric=\"" + metric + "\"}");
    return found == all.end() ? "" : found->second;
  };
  EXPECT_EQ(of("pushlab_gate_effect_ratio", "event_p50_ms"), "0.1");
  EXPECT_EQ(of("pushlab_gate_effect_low_ratio", "memory_kib"), "-Inf");
  EXPECT_EQ(of("pushlab_gate_effect_ratio", "faults"), "");
  auto const value = [&](std::string const& unit, std::string const& metric) {
    return all.at("pushlab_gate_value_" + unit + "{target=\"sse\",metric=\"" + metric +
                  "\",side=\"head\"}");
  };
  EXPECT_EQ(value("seconds", "event_p50_ms"), "0.001375");
  EXPECT_EQ(value("bytes", "memory_kib"), "2097152");
  EXPECT_EQ(value("ratio", "stalled_events"), "0.0625");
  for (auto const& [state, expected] :
       std::map<std::string, std::string>{{"pass", "0"}, {"fail", "1"}})
    EXPECT_EQ(all.at("pushlab_gate_metric_verdict{target=\"sse\",metric=\"event_p50_ms\","
                     "pushlab_gate_metric_verdict=\"" +
                     state + "\"}"),
              expected);
}

}  // namespace
}  // namespace pushlab::report

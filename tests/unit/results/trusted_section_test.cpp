#include <gtest/gtest.h>

#include "report/sections.hpp"
#include "results/summary.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::report {
namespace {

namespace json = boost::json;

sample::Target constant(std::string id, double ms) {
  return {id, id, "sse", [ms](sample::Random&, double) { return ms; }};
}

// A null server of 1 ms, and SSE of `ms`.
json::object run(double ms) {
  json::object result =
      sample::result({50, 40, 3, 10, 0.01, 1}, {constant("null", 1), constant("sse", ms)});
  result["targets"].at(0).as_object()["base"] = "null";
  result["targets"].at(1).as_object()["title"] = "SSE";
  for (json::value& repetition : result["targets"].at(1).at("repetitions").as_array())
    repetition.at("server").as_object()["cpu_us_per_delivery"] = 30;
  results::summarise(result);
  return result;
}

std::string section_of(json::object const& result) {
  return trusted_section(result, {});
}

bool says(std::string const& page, std::string const& words) {
  return page.find(words) != std::string::npos;
}

TEST(TrustedSection, has_no_reservations_where_nothing_speaks_against_the_run) {
  std::string const text = section_of(run(5));
  EXPECT_TRUE(says(text, "Nothing speaks against them.")) << text;
  EXPECT_FALSE(says(text, "class=\"bad\"")) << text;
}

TEST(TrustedSection, names_a_target_that_is_too_close_to_the_null_server) {
  std::string const text = section_of(run(1.05));
  EXPECT_TRUE(says(text, "more of the instrument than of the target: SSE.")) << text;
  EXPECT_TRUE(says(text, "<small class=\"bad\">below resolution</small>")) << text;
}

TEST(TrustedSection, names_an_invalid_target_and_says_why_below_the_table) {
  json::object result = run(5);
  for (std::size_t const repetition : {1U, 2U}) {
    json::object& generator =
        result["targets"].at(1).at("repetitions").at(repetition).at("generator").as_object();
    generator["valid"] = false;
    generator["invalid_reasons"] = json::array{"it was <late>"};
    generator["checks"] = json::array{json::object{{"check", "lag"}, {"verdict", "invalid"}}};
  }
  results::summarise(result);
  std::string const text = section_of(result);
  EXPECT_TRUE(says(text, "Not measured validly: SSE.")) << text;
  EXPECT_TRUE(says(text, "<em class=\"badge bad\">invalid</em><small>lag</small>")) << text;
  EXPECT_TRUE(says(text, "<li>SSE: repetitions 2 and 3: it was &lt;late&gt;</li>")) << text;
}

TEST(TrustedSection, tells_repetitions_that_warmed_up_or_drifted) {
  json::object result = run(5);
  result["targets"].at(1).as_object()["stationarity"] =
      json::array{json::object{{"stationary", true}, {"warmup_cut_s", 0.0}},
                  json::object{{"stationary", false}, {"warmup_cut_s", 1.5}},
                  json::object{{"stationary", false}, {"warmup_cut_s", nullptr}}};
  result["targets"].at(1).as_object()["remarks"] = json::array{"Repetition 3 was not stationary."};
  std::string const text = section_of(result);
  EXPECT_TRUE(says(text, "1 of 3<small>1 warming up</small><small>1 not at one level</small>"));
  EXPECT_TRUE(says(text, "half of the repetitions or more: SSE.")) << text;
  EXPECT_TRUE(says(text, "<li>SSE: Repetition 3 was not stationary.</li>")) << text;
}

TEST(TrustedSection, shows_whether_polling_reproduces_its_arithmetic) {
  json::object result = run(5);
  result["oracles"] = json::array{
      json::object{{"id", "sse"},
                   {"title", "SSE"},
                   {"reproduced", false},
                   {"checks", json::array{json::object{{"oracle", "useless_share"},
                                                       {"metric", "useless_request_share"},
                                                       {"value", 0.5},
                                                       {"lo", 0.4},
                                                       {"hi", 0.6},
                                                       {"expected", 0.3},
                                                       {"verdict", "outside"}}}}}};
  std::string const text = section_of(result);
  EXPECT_TRUE(says(text, "does not reproduce its arithmetic: SSE.")) << text;
  EXPECT_TRUE(says(text, "50.0 %<small>40.0 – 60.0</small></td><td>30.0 %")) << text;
}

json::object below_ceiling(double deliveries_per_s) {
  json::object result = run(5);
  result["ceilings"] = json::array{json::object{{"target", "null"},
                                                {"clients", 50},
                                                {"payload_bytes", 200},
                                                {"deliveries_per_s", deliveries_per_s},
                                                {"null_client_cpu_us_per_delivery", 2.05},
                                                {"null_server_cpu_us_per_delivery", 3.0}}};
  results::summarise(result);
  return result;
}

TEST(TrustedSection, says_how_far_below_the_ceiling_the_targets_were) {
  std::string const text = section_of(below_ceiling(5000));  // 50 clients, 10 events/s
  EXPECT_TRUE(says(text, "<p>Ceiling: 50 clients")) << text;
  EXPECT_TRUE(says(text, ">10.0 %</td>")) << text;
  EXPECT_TRUE(says(text, "Nothing speaks against them.")) << text;
}

TEST(TrustedSection, names_a_target_that_was_too_near_to_the_ceiling) {
  std::string const suspect = section_of(below_ceiling(600));
  EXPECT_TRUE(says(suspect, "83.3 %<small>suspect</small>")) << suspect;
  EXPECT_TRUE(says(suspect, "Nothing speaks against them.")) << suspect;
  std::string const bound = section_of(below_ceiling(520));
  EXPECT_TRUE(says(bound, "96.2 %<small class=\"bad\">machine-bound</small>")) << bound;
  EXPECT_TRUE(says(bound, "the machine may have been the limit: null and SSE.")) << bound;
}

TEST(TrustedSection, says_that_there_was_no_null_server) {
  json::object result = sample::result({50, 40, 3, 10, 0.01, 1}, {constant("sse", 5)});
  results::summarise(result);
  EXPECT_TRUE(says(section_of(result), "There was no null server in this run"));
}

}  // namespace
}  // namespace pushlab::report

// What can be said of the report without a browser; tests/browser looks at it as a reader does.
#include <gtest/gtest.h>

#include "report/chart.hpp"
#include "report/decision.hpp"
#include "report/figure_files.hpp"
#include "report/html.hpp"
#include "report/markup.hpp"
#include "report/target_pages.hpp"
#include "tests/unit/results/sample_decision.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::report {
namespace {

namespace json = boost::json;

constexpr sample::Plan shared_plan{40, 40, 3, 10, 0.08, 1};

TEST(Report, is_one_small_file_that_refers_to_nothing_outside) {
  std::string const page = html({sample::result(shared_plan, sample::five_targets())});
  EXPECT_LT(page.size(), 3'000'000U);
  EXPECT_EQ(page.find(" src="), std::string::npos);
  EXPECT_EQ(page.find("url("), std::string::npos);
  EXPECT_EQ(page.find("@import"), std::string::npos);
  EXPECT_TRUE(page.ends_with("</html>\n"));
}

TEST(Report, summarises_a_result_that_is_not_yet) {
  std::string const page = html({sample::result(shared_plan, sample::five_targets())});
  EXPECT_NE(page.find("are tied as the fastest</h1>"), std::string::npos);
}

TEST(Report, can_be_made_of_no_result_and_of_one_without_targets) {
  EXPECT_NE(html({}).find("0 runs compared"), std::string::npos);
  EXPECT_NE(html({sample::result(shared_plan, {})}).find("No target can be called the winner"),
            std::string::npos);
}

TEST(Report, shows_what_proxies_did_where_it_was_recorded) {
  auto const matrix = json::parse(R"({
    "endpoint": "the target <sse>", "strategy": "sse", "started": "2026-11-24 14:00 UTC",
    "legend": "\u2715 breaks a rule.",
    "tables": [{"title": "Delay", "explanation": "Behind the origin.", "caption": "Delay, ms",
      "columns_of_words": [2], "head": ["proxy", "50 B", "3 KB"],
      "rows": [[{"text": "nginx", "verdict": "info"}, {"text": "never", "verdict": "fail"},
                {"text": "207", "verdict": "warn"}],
               [{"text": "squid", "verdict": "info"}, {"text": "not installed", "verdict": "info"}]]}]
  })")
                          .as_object();
  auto const result = sample::result(shared_plan, sample::five_targets());
  for (std::string const& page : {html({result}, matrix), matrix_html(matrix)}) {
    EXPECT_NE(page.find("What proxies do to streams"), std::string::npos);
    EXPECT_NE(page.find("<em class=\"badge bad\">never&nbsp;✕</em>"), std::string::npos);
    EXPECT_NE(page.find("<em class=\"badge\">207&nbsp;△</em>"), std::string::npos);
    EXPECT_NE(page.find("squid <small>not installed</small>"), std::string::npos);
    EXPECT_NE(page.find("the target &lt;sse&gt;"), std::string::npos);
  }
  EXPECT_EQ(html({result}).find("What proxies do"), std::string::npos);
}

TEST(Report, says_which_block_was_measured_again) {
  json::object result = sample::result(shared_plan, sample::five_targets());
  EXPECT_EQ(html({result}).find("measured again"), std::string::npos);
  result["targets"].at(0).at("repetitions").at(1).as_object()["discarded"] = json::parse(
      R"([{"started": "", "reasons": [], "checks": [
          {"check": "lag", "value": 2, "limit": 0.5, "unit": "ms", "verdict": "invalid"}]}])");
  EXPECT_NE(html({result}).find("Block 2 was measured again: lag 2.00 ms (limit 0.50 ms)."),
            std::string::npos);
}

TEST(Report, leaves_nothing_of_a_result_as_markup) {
  auto targets = sample::five_targets();
  for (auto& target : targets) target.title = "<img src=x onerror=alert(1)>'\"&";
  json::object result = sample::result(shared_plan, targets);
  result["scenario"].as_object()["text"] = "</pre><script>alert(1)</script>";
  result["run"].as_object()["id"] = "<i>";
  std::string const page = html({result});
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find("<i>"), std::string::npos);
}

TEST(Report, answers_a_decision_by_its_verdict_and_without_one_by_the_main_experiment) {
  auto decision = sample::decision();
  EXPECT_NE(html({decision}).find("<h1>Server-sent events</h1>"), std::string::npos);
  decision.erase("verdict");
  auto const h1 = [](std::string const& page) {
    auto const from = page.find("<h1>");
    return page.substr(from, page.find("</h1>", from) - from);
  };
  auto fan_out = decision.at("experiments").at(1).at("result").as_object();
  EXPECT_EQ(h1(html({decision})), h1(html({fan_out})));
}

TEST(Report, names_nobody_as_the_choice_of_a_tie) {
  auto decision = sample::decision();
  auto& verdict = decision.at("verdict").as_object();
  verdict["verdict"] = "tie";
  verdict["chosen"] = verdict["runner_up"] = nullptr;
  verdict["between"] = {"sse", "websocket"};
  verdict["sure"] = 0.5;
  auto const page = html({decision});
  EXPECT_NE(page.find("<h1>Server-sent events and WebSocket cannot be told apart</h1>"),
            std::string::npos);
  EXPECT_NE(page.find("<dd>Nothing that was measured tells them apart.</dd>"), std::string::npos);
}

TEST(Report, lists_what_was_measured_invalidly_in_any_experiment_of_a_decision) {
  auto decision = sample::decision();
  auto& target = decision.at("experiments").at(0).at("result").at("targets").at(0).as_object();
  target["invalid_reasons"] = json::array{"the generator was late"};
  std::string const said =
      "Not measured validly, and left out: " + std::string(target.at("title").as_string()) +
      " in poll-rate.";
  EXPECT_NE(html({decision}).find(said), std::string::npos);
}

TEST(Report, can_be_made_of_a_decision_in_which_nothing_was_measured) {
  json::object decision{{"schema", "pushlab.decision/1"}, {"experiments", json::array{}}};
  EXPECT_NE(html({decision}).find("No target can be called the winner"), std::string::npos);
}

TEST(Report, keeps_a_claim_text_and_shows_each_verdict_in_the_contracts_words) {
  std::string const page = html({sample::decision()});
  EXPECT_EQ(page.find("<b>much"), std::string::npos);
  for (char const* word : {"confirmed", "refuted", "depends", "undecided", "not testable here"})
    EXPECT_NE(page.find(std::string("</span> ") + word + "</em>"), std::string::npos) << word;
}

TEST(Figures, have_stable_names_and_stand_alone) {
  std::vector<std::string> names;
  for (File const& file : figure_files({sample::decision()})) {
    names.push_back(file.name);
    EXPECT_TRUE(file.text.starts_with("<svg xmlns=")) << file.name;
    EXPECT_NE(file.text.find("<title>"), std::string::npos) << file.name;
    EXPECT_EQ(file.text.find("<script"), std::string::npos) << file.name;
    EXPECT_EQ(file.text.find("var(--"), std::string::npos) << file.name;
  }
  for (char const* wanted : {"fan-out-latency.svg", "fan-out-freshness.svg", "fan-out-costs.svg",
                             "poll-rate-latency.svg", "crossover-poll-cpu.svg"})
    EXPECT_EQ(std::count(names.begin(), names.end(), wanted), 1) << wanted;
}

TEST(Figures, draw_the_same_target_in_the_same_colour_in_every_experiment) {
  auto const files = figure_files({sample::decision()});
  auto const costs = [&](char const* name) {
    return std::find_if(files.begin(), files.end(), [&](File const& f) { return f.name == name; })
        ->text;
  };
  // Second in one experiment, fifth in the other.
  for (char const* name : {"poll-rate-costs.svg", "fan-out-costs.svg"}) {
    std::string const text = costs(name);
    auto const label = text.find(">Short polling, 1 s<");
    EXPECT_EQ(text.substr(text.find("class=\"fill", label), 15), "class=\"fill s1\"") << name;
  }
}

TEST(Pages, give_each_target_one_and_list_them) {
  auto const pages = target_pages({sample::decision()});
  ASSERT_EQ(pages.size(), 7U);
  EXPECT_EQ(pages[0].name, "index.html");
  for (std::size_t i = 1; i < pages.size(); ++i)
    EXPECT_NE(pages[0].text.find("href=\"" + pages[i].name + "\""), std::string::npos);
}

TEST(Chart, joins_a_sparse_line_over_the_places_of_others) {
  Chart chart;
  chart.sparse = true;
  chart.x = {1, 2, 3};
  chart.series = {{"a", 0, {1.0, std::nullopt, 3.0}}};
  scale(chart);
  std::string const drawn = still_chart(chart);
  auto const from = drawn.find("class=\"line\"");
  std::string const line = drawn.substr(from, drawn.find("/>", from) - from);
  EXPECT_EQ(std::count(line.begin(), line.end(), 'M'), 1);
  EXPECT_EQ(std::count(line.begin(), line.end(), 'L'), 1);
}

TEST(Markup, escapes_text_for_elements_and_attributes) {
  EXPECT_EQ(escape("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(script_json(json::object{{"t", "</script><!--"}}),
            R"({"t":"\u003c/script>\u003c!--"})");
}

TEST(Chart, ends_a_logarithmic_axis_on_a_labelled_step) {
  Chart chart;
  chart.logarithmic = true;
  chart.x = {0, 1};
  chart.series = {{"a", 0, {0.7, 430.0}, {}}};
  scale(chart);
  EXPECT_DOUBLE_EQ(chart.y_low, 0.5);
  EXPECT_DOUBLE_EQ(chart.y_high, 500);
  for (Tick const& tick : chart.y_ticks) EXPECT_TRUE(0.49 < tick.at && tick.at < 501) << tick.label;
  EXPECT_GE(chart.y_ticks.size(), 3U);
}

TEST(Chart, starts_a_linear_axis_at_zero) {
  Chart chart;
  chart.x = {0, 1, 2};
  chart.series = {{"a", 0, {1900.0, std::nullopt, 2000.0}, {}}};
  scale(chart);
  EXPECT_EQ(chart.y_low, 0);
  EXPECT_GE(chart.y_high, 2000);
  EXPECT_EQ(chart.y_ticks.front().label, "0");
}

TEST(Chart, can_be_drawn_without_a_single_value) {
  Chart chart;
  chart.logarithmic = true;
  scale(chart);
  EXPECT_NE(still_chart(chart).find("</svg>"), std::string::npos);
}

TEST(Chart, interrupts_the_line_where_a_value_is_missing) {
  Chart chart;
  chart.x = {0, 1, 2, 3, 4};
  chart.series = {{"a", 0, {1.0, 2.0, std::nullopt, 2.0, 1.0}, {}}};
  scale(chart);
  std::string const drawn = still_chart(chart);
  auto const from = drawn.find("class=\"line\"");
  std::string const line = drawn.substr(from, drawn.find("/>", from) - from);
  EXPECT_EQ(std::count(line.begin(), line.end(), 'M'), 2);
  EXPECT_EQ(std::count(line.begin(), line.end(), 'L'), 2);
}

TEST(Report, says_of_each_check_what_would_confirm_it) {
  auto const wants = [](char const* check, std::string const& words) {
    json::array claims;
    claims.push_back({{"id", "C01"}, {"checks", json::array{json::parse(check)}}});
    auto const page = report::claims_section({{"claims", claims}});
    EXPECT_NE(page.find("<td class=\"words\">" + words + "</td>"), std::string::npos)
        << words << " in " << page;
  };
  wants(R"({"metric":"latency_p90_ms","target":"reload","above":1000})", "above 1000 ms");
  wants(R"({"metric":"lost","target":"sse","within":[0,0]})", "0");
  wants(R"({"metric":"latency_p50_ms","target":"sse","against":"x","within":[0.9,1.1]})",
        "0.90 to 1.10");
  wants(R"({"matrix":"websocket","proxy":"nginx","flavour":"default","at_most":0.0})",
        "it does not: lets a WebSocket through");
  wants(R"({"matrix":"websocket","proxy":"nginx","flavour":"default","at_least":1})",
        "it lets a WebSocket through");
  wants(R"({"matrix":"websocket","flavour":"default","at_most":0.5})",
        "at most 50.0 % lets a WebSocket through");
  wants(R"({"conform":"HB-01","target":"sse"})", "rule HB-01 passes on sse");
  wants(R"({"conform":"COMP-03","target":"sse","confirmed_by":"fail"})",
        "rule COMP-03 is broken on sse");
  wants(R"({"conform":"LIMIT-01","target":"sse","says":"6 of 8"})",
        "rule LIMIT-01 says “6 of 8” on sse");
}

}  // namespace
}  // namespace pushlab::report

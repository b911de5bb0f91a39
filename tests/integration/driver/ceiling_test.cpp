#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "program.hpp"

namespace pushlab::driver {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr auto scenario = R"(title = "some"
targets = ["null", "sse"]
clients = 5
arrivals = "fixed"
rate = 20
warmup_s = 0.1
measure_s = 1
drain_s = 2
)";

std::string our(std::string const& strategy) {
  return fmt::format(R"(title = "ours"
strategy = "{0}"
[start]
command = ["pushlab-{0}", "--client-listen", "{{client_listen}}", "--ingest-listen", "{{ingest_listen}}"]
)",
                     strategy);
}

// One that ends is killed a second after its start, but only as the null client's server.
std::string null_server(bool ends) {
  auto const floor = (fs::path(PUSHLAB_PROGRAM).parent_path() / "pushlab-floor").string();
  auto const how = ends ? "case {dir} in *ceiling*) exec timeout -s KILL 1 " + floor + ";; esac\n"
                        : std::string();
  return "title = \"null\"\nstrategy = \"sse\"\n[start]\ncommand = [\"sh\", \"-c\", \"\"\"" + how +
         "exec " + floor + "\"\"\"]\n";
}

struct CeilingRun {
  explicit CeilingRun(bool ends, std::string const& text = scenario) {
    fs::create_directories(folder.path() / "targets");
    std::ofstream(folder.path() / "some.toml") << text;
    for (auto const* strategy : {"sse", "short-poll"})
      std::ofstream(folder.path() / fmt::format("targets/{}.toml", strategy)) << our(strategy);
    std::ofstream(folder.path() / "targets/null.toml") << null_server(ends);
    auto const out = folder.path() / "out";
    run = pushlab(
        {"run", (folder.path() / "some.toml").string(), "--allow-debug", "--out", out.string()});
    auto const recorded = fs::directory_iterator(out)->path();
    result = json::parse(text_of(recorded / "result.json")).as_object();
    page = text_of(recorded / "report.html");
    if (auto const* ceilings = result.if_contains("ceilings"))
      ceiling = ceilings->at(0).as_object();
  }

  TemporaryFolder folder;
  Finished run;
  json::object result;
  std::string page;
  json::object ceiling;
};

TEST(Ceiling, is_measured_with_null_clients_that_read_every_byte) {
  CeilingRun const seen(false);
  ASSERT_FALSE(seen.ceiling.contains("error")) << seen.ceiling;
  auto const number = [&](char const* key) { return seen.ceiling.at(key).to_number<double>(); };
  EXPECT_EQ(number("clients"), 5);
  EXPECT_EQ(number("event_bytes"), 200 + sizeof "event: db\ndata: \n\n" - 1);
  EXPECT_GT(number("events"), 0);
  EXPECT_EQ(number("bytes_received"), number("events") * 5 * number("event_bytes"));
  for (auto const* figure :
       {"deliveries_per_s", "null_client_cpu_us_per_delivery", "null_server_cpu_us_per_delivery",
        "generator_cpu_us_per_delivery", "generator_ratio"})
    EXPECT_GT(number(figure), 0) << figure;
  for (auto const& target : seen.result.at("targets").as_array()) {
    auto const share = target.at("ceiling_share").at("value").to_number<double>();
    EXPECT_NEAR(share * number("deliveries_per_s"),
                target.at("repetitions").at(0).at("deliveries_per_s").to_number<double>(), 1e-3);
  }
  EXPECT_NE(seen.page.find("Ceiling: 5 clients"), std::string::npos);
}

std::string with(std::string text, std::string const& old, std::string const& now) {
  return text.replace(text.find(old), old.size(), now);
}

TEST(Ceiling, is_measured_for_streams_without_a_null_server_too) {
  CeilingRun const seen(false, with(scenario, R"("null", )", ""));
  ASSERT_TRUE(seen.ceiling.contains("deliveries_per_s")) << seen.run.err;
  EXPECT_EQ(seen.ceiling.at("target").as_string(), "null");
  EXPECT_TRUE(seen.ceiling.at("generator_ratio").is_null());
  EXPECT_TRUE(seen.result.at("targets").at(0).as_object().contains("ceiling_share"));
}

TEST(Ceiling, is_not_measured_for_what_only_polls) {
  CeilingRun const seen(false, with(scenario, R"("null", "sse")", R"("short-poll")"));
  EXPECT_FALSE(seen.result.contains("ceilings")) << seen.run.err;
}

TEST(Floor, sends_each_event_to_those_alone_who_asked_for_its_name) {
  CeilingRun const seen(false,
                        with(scenario, "clients = 5", "clients = 5\nnames = 4\nsubscriptions = 2"));
  auto const& load = seen.result.at("targets").at(0).at("repetitions").at(0);
  EXPECT_GT(load.at("delivered").to_number<int>(), 0);
  for (auto const* count : {"lost", "unentitled", "duplicates", "malformed"})
    EXPECT_EQ(load.at(count).to_number<int>(), 0) << count;
}

TEST(Ceiling, is_a_remark_when_its_server_ends_in_the_middle) {
  CeilingRun const seen(true);
  EXPECT_TRUE(seen.ceiling.contains("error")) << seen.ceiling;
  EXPECT_NE(seen.run.err.find("the ceiling was not measured: "), std::string::npos) << seen.run.err;
  EXPECT_NE(seen.run.out.find("The ceiling was not measured (null, "), std::string::npos)
      << seen.run.out;
  EXPECT_NE(seen.page.find("The ceiling was not measured (null, "), std::string::npos);
  for (auto const& target : seen.result.at("targets").as_array()) {
    EXPECT_TRUE(target.at("repetitions").at(0).at("error").is_null());
    EXPECT_FALSE(target.as_object().contains("ceiling_share"));
  }
}

}  // namespace
}  // namespace pushlab::driver

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "program.hpp"

namespace pushlab::driver {
namespace {

// A whole run listens for heartbeats and for peers that vanished; it promises to end in two
// minutes, on a machine that does nothing else.
constexpr std::chrono::seconds patience{360};

std::string broken_rules(Finished const& run) {
  std::string broken;
  for (auto const& report : run.lines())
    for (auto const& one : report.at("cases").as_array())
      if (one.at("verdict").as_string() == "fail") broken += boost::json::serialize(one) + '\n';
  return broken;
}

class OwnTarget : public testing::TestWithParam<char const*> {};

TEST_P(OwnTarget, breaks_no_critical_and_no_major_rule) {
  Background conform({"conform", GetParam(), "--json"});
  auto const run = conform.finish(patience);
  EXPECT_EQ(run.status.code, 0) << broken_rules(run) << run.err;
  ASSERT_EQ(run.lines().size(), 1U);
  EXPECT_GE(run.lines()[0].at("counts").at("pass").to_number<int>(), 7);
}

INSTANTIATE_TEST_SUITE_P(Strategies, OwnTarget,
                         testing::Values("sse", "websocket", "websocketpp", "long-poll",
                                         "short-poll"),
                         [](auto const& target) {
                           std::string name = target.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(OwnTargets, grant_an_origin_what_the_configuration_grants_it) {
  TemporaryFolder const folder;
  std::ofstream(folder.path() / "server.toml") << "cors_origins = [\"https://conform.example\"]\n";
  auto const target = (folder.path() / "sse.toml").string();
  std::ofstream(target) << fmt::format(
      R"(title = "SSE with CORS"
strategy = "sse"
[start]
command = ["pushlab-sse", "--client-listen", "{{client_listen}}", "--ingest-listen",
           "{{ingest_listen}}", "--config", "{}"]
)",
      (folder.path() / "server.toml").string());
  auto const run = pushlab({"conform", target, "--json", "--case",
                            "SSE-RESP-12,SSE-RESP-13,SSE-RESP-14,SSE-RESP-15,SSE-RESP-16"});
  EXPECT_EQ(run.status.code, 0) << run.err << broken_rules(run);
  ASSERT_EQ(run.lines().size(), 1U);
  EXPECT_EQ(run.lines()[0].at("counts").at("pass").to_number<int>(), 5) << run.out;
}

}  // namespace
}  // namespace pushlab::driver

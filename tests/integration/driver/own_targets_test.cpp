#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <memory>

#include "program.hpp"

namespace pushlab::driver {
namespace {

// A whole run listens for heartbeats and for peers that vanished; it promises to end in two
// minutes.
constexpr std::chrono::seconds patience{180};

std::string broken_rules(Finished const& run) {
  std::string broken;
  for (auto const& report : run.lines())
    for (auto const& one : report.at("cases").as_array())
      if (one.at("verdict").as_string() == "fail") broken += boost::json::serialize(one) + '\n';
  return broken;
}

TEST(OwnTargets, break_no_critical_and_no_major_rule) {
  constexpr std::array targets{"sse", "websocket", "websocketpp", "long-poll", "short-poll"};
  std::vector<std::unique_ptr<Background>> runs;
  for (auto const* target : targets)
    runs.push_back(
        std::make_unique<Background>(std::vector<std::string>{"conform", target, "--json"}));
  for (std::size_t i = 0; i < targets.size(); ++i) {
    auto const run = runs[i]->finish(patience);
    EXPECT_EQ(run.status.code, 0) << targets[i] << '\n' << broken_rules(run) << run.err;
    ASSERT_EQ(run.lines().size(), 1U) << targets[i];
    EXPECT_GE(run.lines()[0].at("counts").at("pass").to_number<int>(), 7) << targets[i];
  }
}

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

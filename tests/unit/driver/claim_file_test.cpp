#include "driver/claim_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <string>

#include "driver/input_error.hpp"
#include "driver/temporary_folder.hpp"

namespace pushlab::driver {
namespace {

namespace json = boost::json;

ClaimNames const names{{{"fan-out", {"sse", "websocket"}}, {"rare", {"short-poll"}}},
                       {{"sse", {"RECON-01", "RECON-02"}}},
                       {"haproxy", "nginx"},
                       70};

constexpr char const* head = R"(id = "C07"
claim = "it is so"
source = "a document"
hypothesis = "what would have to be true"
experiment = "how it is decided"
)";

constexpr char const* check = R"(
[[checks]]
title = "as soon"
experiment = "fan-out"
metric = "latency_p50_ms"
target = "sse"
)";

std::string message_of(std::string const& text) {
  try {
    parse_claim(text, "claims/C07.toml", names);
  } catch (InputError const& error) {
    return error.what();
  }
  return "no error";
}

bool complains(std::string const& rest, std::string const& part) {
  auto const message = message_of(head + rest);
  EXPECT_TRUE(message.starts_with("claims/C07.toml:")) << message;
  EXPECT_NE(message.find(part), std::string::npos) << message;
  return message.find(part) != std::string::npos;
}

TEST(ClaimFile, is_read_as_the_decision_holds_it) {
  auto const claim = parse_claim(std::string(head) + "compression = \"why\"\n" + check +
                                     "against = \"websocket\"\nwithin = [0.9, 1.1]\n"
                                     "[[checks]]\ntitle = \"a rule\"\nconform = \"RECON-01\"\n"
                                     "target = \"sse\"\nconfirmed_by = \"fail\"\noptional = true\n"
                                     "[[checks]]\ntitle = \"proxies\"\nmatrix = \"websocket\"\n"
                                     "flavour = \"default\"\nat_least = 1\n",
                                 "claims/C07.toml", names);
  EXPECT_EQ(claim.at("id"), "C07");
  EXPECT_EQ(claim.at("compression"), "why");
  EXPECT_FALSE(claim.contains("not_testable"));
  auto const& checks = claim.at("checks").as_array();
  EXPECT_EQ(checks.at(0), json::value({{"title", "as soon"},
                                       {"experiment", "fan-out"},
                                       {"metric", "latency_p50_ms"},
                                       {"target", "sse"},
                                       {"against", "websocket"},
                                       {"within", {0.9, 1.1}}}));
  EXPECT_EQ(checks.at(1), json::value({{"title", "a rule"},
                                       {"optional", true},
                                       {"conform", "RECON-01"},
                                       {"target", "sse"},
                                       {"confirmed_by", "fail"}}));
  EXPECT_EQ(checks.at(2), json::value({{"title", "proxies"},
                                       {"matrix", "websocket"},
                                       {"flavour", "default"},
                                       {"at_least", 1.0}}));
}

TEST(ClaimFile, a_claim_without_checks_says_why) {
  auto const claim =
      parse_claim(std::string(head) + "not_testable = \"no browser\"\n", "claims/C07.toml", names);
  EXPECT_EQ(claim.at("not_testable"), "no browser");
  EXPECT_FALSE(claim.contains("checks"));
  EXPECT_TRUE(complains("", "has no checks"));
  EXPECT_TRUE(complains(std::string("not_testable = \"x\"") + check + "below = 1", "has checks"));
}

TEST(ClaimFile, a_check_has_exactly_one_rule) {
  EXPECT_EQ(message_of(std::string(head) + check + "below = 1\n"), "no error");
  EXPECT_TRUE(complains(check, "no rule"));
  EXPECT_TRUE(complains(std::string(check) + "below = 1\nabove = 2", "several rules"));
  EXPECT_TRUE(complains(std::string(check) + "within = [2, 1]", "ascending"));
  EXPECT_TRUE(complains(std::string(check) + "within = [1]", "ascending"));
  EXPECT_TRUE(
      complains(std::string(check) + "against = \"websocket\"\nequals = \"x\"", "closed form"));
}

TEST(ClaimFile, what_does_not_exist_is_an_error_with_the_nearest_name) {
  EXPECT_TRUE(
      complains("[[checks]]\ntitle = \"x\"\nexperiment = \"fan-uot\"\nmetric = \"lost\"\n"
                "target = \"sse\"\nbelow = 1",
                "did you mean fan-out?"));
  EXPECT_TRUE(
      complains("[[checks]]\ntitle = \"x\"\nexperiment = \"fan-out\"\nmetric = \"lots\"\n"
                "target = \"sse\"\nbelow = 1",
                "did you mean lost?"));
  EXPECT_TRUE(complains("[[checks]]\ntitle = \"x\"\nconform = \"RECON-03\"\ntarget = \"sse\"",
                        "there is no rule RECON-03"));
  EXPECT_TRUE(complains("[[checks]]\ntitle = \"x\"\nconform = \"RECON-01\"\ntarget = \"websocket\"",
                        "there is no target websocket in [[conformance]]"));
  EXPECT_TRUE(complains("[[checks]]\ntitle = \"x\"\nmatrix = \"tls\"\nat_least = 1", "tls"));
  EXPECT_TRUE(complains(std::string(check) + "bellow = 1\nbelow = 1", "did you mean below?"));
  EXPECT_TRUE(complains("claims = 1\nnot_testable = \"x\"", "unknown"));
}

TEST(ClaimFile, what_this_decision_does_not_measure_is_an_error) {
  auto const metric = [](char const* experiment, char const* target, char const* rest) {
    return fmt::format(
        "[[checks]]\ntitle = \"x\"\nexperiment = \"{}\"\nmetric = \"useless_request_share\"\n"
        "target = \"{}\"\n{}",
        experiment, target, rest);
  };
  EXPECT_TRUE(complains(metric("fan-out", "ssse", "below = 1"), "did you mean sse?"));
  EXPECT_TRUE(complains(metric("rare", "sse", "below = 1"), "there is no target sse in rare"));
  EXPECT_TRUE(complains(metric("fan-out", "sse", "against = \"short-poll\"\nbelow = 1"),
                        "there is no target short-poll in fan-out"));
  EXPECT_TRUE(complains(metric("rare", "short-poll", "equals = \"useles_share\""),
                        "did you mean useless_share?"));
  EXPECT_TRUE(complains(metric("rare", "short-poll", "equals = \"stale_share\""),
                        "there is no closed form stale_share of useless_request_share"));
  std::string const matrix = "[[checks]]\ntitle = \"x\"\nmatrix = \"stream\"\n";
  EXPECT_TRUE(complains(matrix + "proxy = \"ngnix\"\nat_most = 0", "did you mean nginx?"));
  EXPECT_TRUE(complains(matrix + "at_most = 3", "at_most"));
  auto without = names;
  without.silence_s = 10;
  EXPECT_THROW(parse_claim(std::string(head) +
                               "[[checks]]\ntitle = \"x\"\nmatrix = \"silence\"\nat_least = 1",
                           "claims/C07.toml", without),
               InputError);
  without.proxies.clear();
  EXPECT_THROW(parse_claim(head + matrix + "at_most = 0", "claims/C07.toml", without), InputError);
}

TEST(ClaimFile, a_folder_that_is_not_there_or_has_no_claim_is_an_error) {
  TemporaryFolder const folder;
  EXPECT_THROW(read_claims(folder.path(), names), InputError);
  EXPECT_THROW(read_claims(folder.path() / "missing", names), InputError);
}

TEST(ClaimFile, a_folder_is_read_in_the_order_of_ids_and_each_id_is_one_file) {
  TemporaryFolder const folder;
  auto const write = [&](std::string const& name, std::string const& id) {
    auto text = std::string(head) + "not_testable = \"x\"\n";
    text.replace(text.find("C07"), 3, id);
    std::ofstream(folder.path() / name) << text;
  };
  write("a.toml", "C09");
  write("b.toml", "C02");
  auto const claims = read_claims(folder.path(), names);
  ASSERT_EQ(claims.size(), 2U);
  EXPECT_EQ(claims.at(0).at("id"), "C02");
  EXPECT_EQ(claims.at(1).at("id"), "C09");
  write("c.toml", "C02");
  EXPECT_THROW(read_claims(folder.path(), names), InputError);
}

}  // namespace
}  // namespace pushlab::driver

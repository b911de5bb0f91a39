#include "driver/decision_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "driver/input_error.hpp"
#include "driver/temporary_folder.hpp"

namespace pushlab::driver {
namespace {

constexpr char const* head =
    "title = \"t\"\nquestion = \"q?\"\nclaims = \"claims\"\nprices = \"prices.toml\"\n";

class DecisionFileTest : public testing::Test {
 protected:
  DecisionFileTest() {
    std::ofstream(folder_.path() / "work.toml")
        << "title = \"w\"\ntargets = [\"sse\", { id = \"reload\", repetitions = 5 }]\n"
           "clients = 10\narrivals = \"fixed\"\nrate = 5\nmeasure_s = 20\nrepetitions = 3\n";
  }
  std::filesystem::path file(std::string const& text) {
    auto const path = folder_.path() / "decision.toml";
    std::ofstream(path) << text;
    return path;
  }
  std::string message_of(std::string const& text) {
    try {
      read_decision_file(file(text));
    } catch (InputError const& error) {
      return std::string(error.what()).substr(folder_.path().string().size() + 1);
    }
    return "no error";
  }
  static std::string experiment(std::string const& name, std::string const& more = "") {
    return "[[experiments]]\nname = \"" + name +
           "\"\nscenario = \"work.toml\"\nquestion = \"?\"\n" + more;
  }
  TemporaryFolder folder_;
};

TEST_F(DecisionFileTest, is_told_from_a_scenario) {
  EXPECT_TRUE(is_decision_file(file(head + experiment("a"))));
  EXPECT_FALSE(is_decision_file(folder_.path() / "work.toml"));
}

TEST_F(DecisionFileTest, says_what_is_asked_beside_the_experiments) {
  auto const decision = read_decision_file(
      file(std::string(head) + "matrix = true\nsilence_s = 70\n" + experiment("a") +
           "[[conformance]]\ntarget = \"sse\"\ntls = true\ncases = [\"LIMIT-05\"]\n"
           "[[conformance]]\ntarget = \"sse\"\ncases = [\"LIMIT-01\"]\n"));
  EXPECT_TRUE(decision.matrix);
  EXPECT_EQ(decision.silence_s, 70);
  EXPECT_TRUE(decision.conformance.at(0).tls);
  EXPECT_FALSE(decision.conformance.at(1).tls);
}

TEST_F(DecisionFileTest, sets_keys_of_the_scenario_that_it_names) {
  auto const decision = read_decision_file(file(
      head + experiment("few") + experiment("many", "set = { clients = 500, measure_s = 8 }\n")));
  ASSERT_EQ(decision.experiments.size(), 2U);
  EXPECT_EQ(decision.experiments[0].scenario.clients, 10U);
  EXPECT_EQ(decision.experiments[1].scenario.clients, 500U);
  EXPECT_EQ(decision.experiments[1].scenario.name, "many");
}

TEST_F(DecisionFileTest, is_shortened_for_a_first_look_or_as_it_says_itself) {
  auto const decision = read_decision_file(file(
      head + experiment("plain") + experiment("own", "quick = { repetitions = 2, rate = 9 }\n")));
  auto const& plain = decision.experiments[0].quick;
  EXPECT_EQ(plain.repetitions, 1U);
  EXPECT_EQ(plain.measure_s, 5);
  auto const& own = decision.experiments[1].quick;
  EXPECT_EQ(own.repetitions, 2U);
  EXPECT_EQ(own.targets[1].repetitions, 2U);
  EXPECT_EQ(own.rate, 9);
  EXPECT_EQ(own.measure_s, 20);
}

TEST_F(DecisionFileTest, rejects_mistakes_with_file_line_and_mend) {
  EXPECT_NE(message_of(head + experiment("a", "set = { clientz = 5 }\n")).find("decision.toml:9"),
            std::string::npos);
  EXPECT_NE(
      message_of(head + experiment("a", "set = { clientz = 5 }\n")).find("did you mean clients?"),
      std::string::npos);
  EXPECT_EQ(message_of(head + experiment("a") + experiment("a")),
            "decision.toml:10: there are two experiments of the name a: rename one");
  EXPECT_EQ(message_of(head + experiment("a") + "[[conformance]]\ntarget = \"sse\"\n"),
            "decision.toml:9: cases is missing or empty: give e.g. cases = [\"RECON-01\"]");
  EXPECT_NE(message_of(head + experiment("a") + "[[conformance]]\ntarget = \"ssse\"\n")
                .find("did you mean sse?"),
            std::string::npos);
  EXPECT_EQ(message_of(std::string(head) + "experiments = []\n"),
            "decision.toml:5: there is no experiment: give [[experiments]]");
  for (char const* name : {"../../x", "A", "", "a b", "a/b"})
    EXPECT_NE(message_of(head + experiment(name)).find("decision.toml:6"), std::string::npos)
        << name;
}

}  // namespace
}  // namespace pushlab::driver

// gate.json is what others read: it keeps its schema, and comes back as it was written.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "tests/unit/report/json_schema.hpp"
#include "tests/unit/report/sample_gate.hpp"

namespace pushlab::report {
namespace {

namespace json = boost::json;

json::object schema() {
  std::ifstream file(PUSHLAB_GATE_SCHEMA);
  std::string const text{std::istreambuf_iterator<char>(file), {}};
  return json::parse(text).as_object();
}

json::value written(results::GateReport const& report) {
  return json::parse(json::serialize(results::to_json(report)));
}

TEST(GateJson, keeps_its_schema) {
  for (auto const& report : {sample::gate(), sample::passed_gate(), sample::hostile_gate()})
    EXPECT_EQ(breaches(schema(), written(report)), std::vector<std::string>{});
}

TEST(GateJson, of_another_kind_breaks_the_schema) {
  using Found = std::vector<std::string>;
  auto const found = [](auto const& change) {
    auto value = written(sample::gate());
    change(value.as_object());
    return breaches(schema(), value);
  };
  EXPECT_EQ(found([](json::object& gate) { gate.erase("seed"); }), Found{": lacks seed"});
  EXPECT_EQ(found([](json::object& gate) { gate["schema"] = "pushlab.gate/2"; }),
            Found{"/schema: is another value"});
  EXPECT_EQ(found([](json::object& gate) { gate["verdict"] = "passed"; }),
            Found{"/verdict: is none of the values"});
  EXPECT_EQ(found([](json::object& gate) { gate["duration_s"] = -1; }),
            Found{"/duration_s: is too small"});
  EXPECT_EQ(found([](json::object& gate) {
              gate["targets"].at(1).at("metrics").at(0).as_object()["low"] = "-1 %";
            }),
            Found{"/targets/1/metrics/0/low: fits none"});
}

TEST(GateJson, names_every_member_that_is_written) {
  auto const gate = written(sample::gate());
  auto const known = [](char const* part, json::value const& value) {
    auto const all = schema();
    auto const& rules = part ? all.at("$defs").at(part).at("properties") : all.at("properties");
    for (auto const& [key, ignored] : value.as_object())
      EXPECT_TRUE(rules.as_object().contains(key)) << key;
  };
  known(nullptr, gate);
  known("side", gate.at("base"));
  known("target", gate.at("targets").at(0));
  known("metric", gate.at("targets").at(0).at("metrics").at(0));
}

TEST(GateJson, comes_back_as_it_was_written) {
  for (auto const& report : {sample::gate(), sample::hostile_gate()}) {
    auto const once = written(report);
    auto const again = results::gate_from_json(once.as_object());
    EXPECT_EQ(json::value(results::to_json(again)), once);
    auto const low = again.targets[0].metrics[1].low;
    EXPECT_TRUE(low && std::isinf(*low) && *low < 0);
    EXPECT_FALSE(again.targets[0].metrics[2].effect);
  }
}

}  // namespace
}  // namespace pushlab::report

#include "driver/prices.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "driver/input_error.hpp"
#include "driver/temporary_folder.hpp"

namespace pushlab::driver {
namespace {

TEST(Prices, of_the_example_are_whole_and_dated) {
  auto const prices = read_prices(PUSHLAB_SCENARIOS_FOLDER "/prices.toml");
  EXPECT_EQ(prices.at("title"), "Example prices");
  EXPECT_EQ(prices.at("date"), "2026-11");
  EXPECT_EQ(prices.at("utilisation"), 0.5);
  EXPECT_EQ(prices.at("ram_headroom"), 0.7);
  for (auto const* key : {"vcpu_hour", "gib_hour", "egress_gb"})
    EXPECT_GT(prices.at(key).as_double(), 0) << key;
}

TEST(Prices, name_the_line_that_is_wrong) {
  TemporaryFolder folder;
  auto const path = folder.path() / "prices.toml";
  std::ofstream(path) << "title = \"t\"\ndate = \"2026-11\"\nvcpu_hour = \"cheap\"\n";
  try {
    read_prices(path);
    FAIL();
  } catch (InputError const& error) {
    EXPECT_NE(std::string(error.what()).find("prices.toml:3"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace pushlab::driver

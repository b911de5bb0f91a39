#include "driver/proxy.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "driver/input_error.hpp"
#include "driver/target_hold.hpp"

namespace pushlab::driver {
namespace {

class Proxies : public testing::Test {
 protected:
  void SetUp() override { ::setenv("PUSHLAB_SCENARIOS", PUSHLAB_SCENARIOS_FOLDER, 1); }
};

std::string all_text(Target const& target) {
  std::string text = target.start->probe;
  for (auto const& word : target.start->command) text += "\n" + word;
  for (auto const& file : target.start->files) text += "\n" + file.text;
  return text;
}

TEST_F(Proxies, both_flavours_of_each_are_understood_and_know_their_origin) {
  auto const ids = proxy_ids();
  EXPECT_EQ(ids.size(), 11u);
  for (auto const& id : ids) {
    for (auto const& flavour : proxy_flavours()) {
      auto const proxy = read_proxy(id + ":" + flavour);
      EXPECT_EQ(proxy.name(), id + ":" + flavour);
      EXPECT_FALSE(proxy.target.start->requirements.empty()) << id;
      auto const text = all_text(before_origin(proxy, "127.0.0.9:4711"));
      EXPECT_NE(text.find("127.0.0.9"), std::string::npos) << text;
      EXPECT_NE(text.find("4711"), std::string::npos) << text;
      for (auto const* key : {"{origin", "{listen}", "{port}", "{h2_", "{host}", "{flavour}"})
        EXPECT_EQ(text.find(key), std::string::npos) << id << " leaves " << key << " in " << text;
    }
  }
}

TEST_F(Proxies, a_name_alone_is_the_tuned_flavour) {
  EXPECT_EQ(read_proxy("nginx").flavour, "tuned");
}

TEST_F(Proxies, arguments_of_a_flavour_are_its_own) {
  auto const has_timeout = [](Proxy const& proxy) {
    return all_text(proxy.target).find("pipe_timeout") != std::string::npos;
  };
  EXPECT_TRUE(has_timeout(read_proxy("varnish:tuned")));
  EXPECT_FALSE(has_timeout(read_proxy("varnish:default")));
}

TEST_F(Proxies, unknown_names_and_flavours_are_told_apart_from_known_ones) {
  EXPECT_THROW(read_proxy("ngnix"), InputError);
  EXPECT_THROW(read_proxy("nginx:fast"), InputError);
}

// A server that gives away its user for an address.
Target telling_its_user() {
  Target target;
  target.id = "user";
  Target::Start start;
  start.command = {"sh", "-c",
                   R"(echo "{\"ready\":true,\"client\":\"http://$(id -u)\",\"ingest\":\"\"}"; )"
                   "touch {dir}/may-write && exec tail -f /dev/null"};
  target.start = start;
  return target;
}

TEST(TargetHold, a_proxy_of_root_runs_as_somebody_without_rights) {
  auto const own = fmt::format("http://{}", ::geteuid());
  EXPECT_EQ(TargetHold(telling_its_user()).client_base(), own);
  TargetHold few(telling_its_user(), TargetHold::Rights::few);
  if (::geteuid() == 0)
    EXPECT_NE(few.client_base(), own);
  else
    EXPECT_EQ(few.client_base(), own);
}

}  // namespace
}  // namespace pushlab::driver

#include "driver/recorded_run.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "driver/input_error.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::driver {
namespace {

namespace json = boost::json;

std::string message_of(std::function<void()> const& use) {
  try {
    with_recorded("results/a", use);
  } catch (InputError const& error) {
    return error.what();
  }
  return "no error";
}

TEST(RecordedRun, whatever_is_wrong_in_it_is_told_with_its_name) {
  json::value const three = 3;
  json::object const empty;
  for (auto const& use : std::vector<std::function<void()>>{
           [&] { (void)three.as_object(); }, [&] { (void)empty.at("run"); },
           [] { (void)results::metric("no such metric"); },
           [] { throw results::ResultError("a target must be an object"); }}) {
    EXPECT_TRUE(message_of(use).starts_with("results/a: ")) << message_of(use);
  }
}

TEST(RecordedRun, other_errors_pass_as_they_are) {
  EXPECT_EQ(message_of([] { throw InputError("--out: no such folder"); }), "--out: no such folder");
  EXPECT_THROW(with_recorded("a", [] { throw std::runtime_error("is the disk full?"); }),
               std::runtime_error);
  EXPECT_EQ(message_of([] {}), "no error");
}

}  // namespace
}  // namespace pushlab::driver

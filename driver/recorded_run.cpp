#include "driver/recorded_run.hpp"

#include <fmt/format.h>

#include <boost/system/system_error.hpp>
#include <stdexcept>

#include "driver/input_error.hpp"
#include "results/read.hpp"

namespace pushlab::driver {
namespace {

[[noreturn]] void fail(std::string const& run, char const* problem) {
  throw InputError(
      fmt::format("{}: a member is missing or of another kind than pushlab writes ({}): give a run "
                  "as it was recorded",
                  run, problem));
}

}  // namespace

void with_recorded(std::string const& run, std::function<void()> const& use) {
  try {
    use();
  } catch (boost::system::system_error const& error) {  // of boost::json
    fail(run, error.code().message().c_str());
  } catch (std::logic_error const& error) {  // out_of_range, invalid_argument
    fail(run, error.what());
  } catch (results::ResultError const& error) {
    throw InputError(fmt::format("{}: {}", run, error.what()));
  }
}

}  // namespace pushlab::driver

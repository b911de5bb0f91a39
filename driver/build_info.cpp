#include "driver/build_info.hpp"

#include "driver/commit.hpp"  // written by commit.cmake at every build

namespace pushlab::driver {
namespace {

std::string compiler() {
#ifdef __clang__
  return "clang++ " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

}  // namespace

std::string version() {
  return PUSHLAB_VERSION;
}
std::string build_type() {
  return PUSHLAB_BUILD_TYPE;
}
bool is_release_build() {
  return build_type() == "Release";
}

boost::json::object build_info() {
  return {{"version", version()},
          {"commit", PUSHLAB_COMMIT},
          {"dirty", PUSHLAB_DIRTY != 0},
          {"build_type", build_type()},
          {"compiler", compiler()}};
}

}  // namespace pushlab::driver

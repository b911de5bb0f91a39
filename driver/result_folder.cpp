#include "driver/result_folder.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace pushlab::driver {
namespace fs = std::filesystem;

fs::path new_result_folder(fs::path const& out, std::string const& name) {
  auto const id = fmt::format("{:%Y%m%d-%H%M%S}-{}", fmt::gmtime(std::time(nullptr)), name);
  auto folder = out / id;
  fs::create_directories(out);
  for (int again = 2; !fs::create_directory(folder); ++again)
    folder = out / fmt::format("{}-{}", id, again);
  return folder;
}

}  // namespace pushlab::driver

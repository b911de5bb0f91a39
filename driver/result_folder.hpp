#pragma once

#include <filesystem>
#include <string>

namespace pushlab::driver {

// Makes "<out>/20261121-023000-quick"; a number is added when a run of that second is already
// there.
std::filesystem::path new_result_folder(std::filesystem::path const& out, std::string const& name);

}  // namespace pushlab::driver

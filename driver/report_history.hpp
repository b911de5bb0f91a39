#pragma once

#include <filesystem>

namespace pushlab::driver {

// Reads every result.json below the folder, writes the page of their history and prints the change
// points, or the facts as one JSON object. What cannot be read is left out and named. Returns 0;
// throws InputError when there is no such folder.
int report_history(std::filesystem::path const& folder, std::filesystem::path const& page,
                   bool json);

}  // namespace pushlab::driver

#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pushlab::driver {

// The commit that a ref means in the repository of the current folder; empty when there is none.
std::string commit_of(std::string const& ref);
// The commit of a checkout that has something built at that time: "1a2b3c4d5e6f", with "-dirty"
// when tracked files differ. Empty when the commit is newer than that, or the folder no checkout's
// top.
std::string described(std::filesystem::path const& folder, std::filesystem::file_time_type built);

// The folder with these programs of a commit, built with the release preset unless it was built
// before. A build that was not used for 30 days may be removed. Throws InputError with the end of
// the build's log, RunInterrupted.
std::filesystem::path built_programs(std::string const& commit,
                                     std::vector<std::string> const& programs);

}  // namespace pushlab::driver

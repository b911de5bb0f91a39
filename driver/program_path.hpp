#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pushlab::driver {

// The folder of the running program.
std::filesystem::path program_folder();

// Where a program is: beside pushlab, then on PATH, then in the folders of system programs that
// PATH of an ordinary user leaves out. A name with a slash is taken as it is. Empty: nowhere.
std::filesystem::path program_path(std::string const& name);

// The folder with scenarios/ and its targets/: $PUSHLAB_SCENARIOS, ./scenarios, the source tree of
// the build, the installed share/pushlab/scenarios. Throws InputError when there is none.
std::filesystem::path scenarios_folder();

// An id ("sse", "quick") or a file name to a file: a name with a slash or ".toml" is a file.
// Throws InputError naming the nearest known id.
std::filesystem::path find_target_file(std::string const& id_or_file,
                                       std::filesystem::path const& scenarios);
std::filesystem::path find_scenario_file(std::string const& id_or_file);

// The *.toml files of a folder in the order of their names.
std::vector<std::filesystem::path> toml_files(std::filesystem::path const& folder);

}  // namespace pushlab::driver

#include "driver/program_path.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "driver/input_error.hpp"
#include "driver/nearest_name.hpp"

namespace pushlab::driver {
namespace fs = std::filesystem;
namespace {

bool runnable(fs::path const& path) {
  return fs::is_regular_file(path) && ::access(path.c_str(), X_OK) == 0;
}

bool names_a_file(std::string const& name) {
  return name.find('/') != std::string::npos || name.ends_with(".toml");
}

fs::path find_file(std::string const& id_or_file, fs::path const& folder, std::string_view what) {
  fs::path const file =
      names_a_file(id_or_file) ? fs::path(id_or_file) : folder / (id_or_file + ".toml");
  if (fs::is_regular_file(file)) return file;
  if (names_a_file(id_or_file))
    throw InputError(fmt::format("{}: no such file: give a {} file", id_or_file, what));
  std::vector<std::string> ids;
  for (auto const& known : toml_files(folder)) ids.push_back(known.stem().string());
  auto const nearest = nearest_name(id_or_file, ids);
  throw InputError(
      fmt::format("{}: no {} of this name in {}: {}", id_or_file, what, folder.string(),
                  nearest.empty() ? "see pushlab list" : fmt::format("did you mean {}?", nearest)));
}

}  // namespace

fs::path program_folder() {
  return fs::read_symlink("/proc/self/exe").parent_path();
}

fs::path program_path(std::string const& name) {
  if (name.find('/') != std::string::npos) return runnable(name) ? fs::path(name) : fs::path();
  if (auto beside = program_folder() / name; runnable(beside)) return beside;
  char const* path = std::getenv("PATH");
  std::string const folders = std::string(path ? path : "") + ":/usr/sbin:/usr/local/sbin";
  for (std::size_t begin = 0; begin < folders.size();) {
    auto const end = std::min(folders.find(':', begin), folders.size());
    auto const folder = folders.substr(begin, end - begin);
    if (!folder.empty() && runnable(fs::path(folder) / name)) return fs::path(folder) / name;
    begin = end + 1;
  }
  return {};
}

fs::path scenarios_folder() {
  if (char const* folder = std::getenv("PUSHLAB_SCENARIOS")) return folder;
  auto const programs = program_folder();
  for (auto const& folder : {fs::path("scenarios"), programs / "../../../scenarios",
                             programs / "../share/pushlab/scenarios"}) {
    if (fs::is_directory(folder / "targets"))
      return folder.is_absolute() ? folder.lexically_normal() : folder;
  }
  throw InputError(
      "there is no scenarios/targets here: change into the checkout, or set "
      "PUSHLAB_SCENARIOS to the folder with the scenarios");
}

fs::path find_target_file(std::string const& id_or_file, fs::path const& scenarios) {
  return find_file(id_or_file, scenarios / "targets", "target");
}

fs::path find_scenario_file(std::string const& id_or_file) {
  if (names_a_file(id_or_file)) return find_file(id_or_file, {}, "scenario");
  return find_file(id_or_file, scenarios_folder(), "scenario");
}

std::vector<fs::path> toml_files(fs::path const& folder) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (auto const& entry : fs::directory_iterator(folder, ignored)) {
    auto const& file = entry.path();
    if (file.extension() == ".toml" && file.filename() != "prices.toml") files.push_back(file);
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace pushlab::driver

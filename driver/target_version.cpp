#include "driver/target_version.hpp"

#include <fstream>
#include <system_error>

#include "driver/build_info.hpp"
#include "driver/process.hpp"
#include "driver/program_path.hpp"
#include "driver/temporary_folder.hpp"

namespace pushlab::driver {

std::string version_of(Target const& target) {
  if (target.version_command.empty()) return target.third_party ? "unknown" : version();
  TemporaryFolder const folder;
  SpawnPlan plan;
  plan.command = target.version_command;
  if (auto const program = program_path(plan.command.front()); !program.empty())
    plan.command.front() = program.string();
  plan.stdout_file = plan.stderr_file = folder.path() / "output";
  try {
    Process process(plan);
    auto const status = process.wait(std::chrono::seconds(5));
    if (!status || !status->ok()) return "unknown";
  } catch (std::system_error const&) {
    return "unknown";
  }
  std::ifstream in(plan.stdout_file);
  std::string text;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) text += (text.empty() ? "" : ", ") + line;
  }
  return text.empty() ? "unknown" : text;
}

}  // namespace pushlab::driver

#include <fmt/format.h>

#include "driver/commands.hpp"
#include "driver/input_error.hpp"
#include "driver/interrupt.hpp"
#include "driver/program_path.hpp"
#include "driver/target_process.hpp"
#include "driver/temporary_folder.hpp"

namespace pushlab::driver {
namespace {

struct ServeFlags {
  std::string target;
  std::string client_listen;
  std::string ingest_listen;
};

int serve(ServeFlags const& flags) {
  auto const by_file = flags.target.ends_with(".toml");
  auto const target = read_target(
      find_target_file(flags.target, by_file ? std::filesystem::path{} : scenarios_folder()));
  if (auto reason = why_not_installed(target); !reason.empty())
    throw InputError(fmt::format("{}: {}", target.id, reason));
  TemporaryFolder const folder;
  TargetProcess server(target, {folder.path() / "files",
                                folder.path() / "server.log",
                                {},
                                flags.client_listen,
                                flags.ingest_listen});
  fmt::print("{}\n", server.ready_line());
  std::fflush(stdout);
  while (!interrupted()) {
    auto const status = server.wait(std::chrono::milliseconds(60000));
    if (!status) continue;
    fmt::print(stderr, "pushlab: {} ended by itself, {}{}\n", target.id, status->text(),
               last_lines(folder.path() / "server.log", 10));
    return fell_short;
  }
  server.stop();
  return 0;
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_status) {
  auto* command = app.add_subcommand(
      "serve", "Start a target, print its ready line, run until SIGINT or SIGTERM");
  auto flags = std::make_shared<ServeFlags>();
  command->add_option("target", flags->target, "Target id (see pushlab list) or target file")
      ->required();
  command->add_option("--client-listen", flags->client_listen,
                      "HOST:PORT for clients (default: 127.0.0.1 and a free port)");
  command->add_option("--ingest-listen", flags->ingest_listen,
                      "HOST:PORT for notifications (default: 127.0.0.1 and a free port)");
  command->footer("Example: pushlab serve sse --client-listen 127.0.0.1:8080");
  command->callback([flags, &exit_status] { exit_status = serve(*flags); });
}

}  // namespace pushlab::driver

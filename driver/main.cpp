#include <curl/curl.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "driver/build_info.hpp"
#include "driver/commands.hpp"
#include "driver/interrupt.hpp"

namespace {

// One file descriptor per client: take what the machine allows, here and in every child.
void raise_file_limit() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

int run(int argc, char** argv) {
  CLI::App app{"pushlab: which push strategy brings an event to every screen soonest?"};
  app.set_version_flag("--version", "pushlab " + pushlab::driver::version());
  app.require_subcommand(1);
  app.footer(
      "Start with: pushlab run scenarios/quick.toml\n"
      "Exit status: 0 done, 1 deliveries lost or rules broken, 2 unusable input, 3 invalid run");
  int exit_status = 0;
  pushlab::driver::add_list_command(app, exit_status);
  pushlab::driver::add_serve_command(app, exit_status);
  pushlab::driver::add_load_command(app, exit_status);
  pushlab::driver::add_run_command(app, exit_status);
  pushlab::driver::add_tail_command(app, exit_status);
  pushlab::driver::add_conform_command(app, exit_status);
  pushlab::driver::add_report_command(app, exit_status);
  pushlab::driver::add_decide_command(app, exit_status);
  pushlab::driver::add_capacity_command(app, exit_status);
  pushlab::driver::add_gate_command(app, exit_status);
  pushlab::driver::add_count_command(app, exit_status);
  pushlab::driver::add_null_client_command(app, exit_status);
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    return app.exit(error) == 0 ? 0 : pushlab::driver::bad_input;
  }
  return exit_status;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  raise_file_limit();
  pushlab::driver::catch_interrupts();
  curl_global_init(CURL_GLOBAL_DEFAULT);
  try {
    return run(argc, argv);
  } catch (std::exception const& error) {
    std::fprintf(stderr, "pushlab: %s\n", error.what());
    return pushlab::driver::bad_input;
  }
}

#include "driver/target_hold.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "driver/proc_sampler.hpp"
#include "driver/program_path.hpp"

namespace pushlab::driver {
namespace fs = std::filesystem;
namespace {

// Who has no rights: owns nothing but what is given to it here.
void give_to_nobody(fs::path const& path) {
  if (auto const* nobody = ::getpwnam("nobody"))
    static_cast<void>(::chown(path.c_str(), nobody->pw_uid, nobody->pw_gid));
}

// setpriv clears the parent-death signal that the guard has set, unless told.
void take_rights(std::vector<std::string>& command) {
  if (auto const program = program_path(command.front()); !program.empty())
    command.front() = program.string();
  std::vector<std::string> const before{"setpriv",        "--reuid=nobody",   "--regid=nogroup",
                                        "--clear-groups", "--pdeathsig=KILL", "--"};
  command.insert(command.begin(), before.begin(), before.end());
}

}  // namespace

TargetHold::TargetHold(Target target, Rights rights)
    : target_(std::move(target)), rights_(::geteuid() == 0 ? rights : Rights::own) {
  if (rights_ == Rights::few) {
    take_rights(target_.start->command);
    give_to_nobody(folder_.path());
  }
  start({}, {});
}

void TargetHold::start(std::string const& client_listen, std::string const& ingest_listen) {
  process_.reset();
  auto const files = folder_.path() / "files";
  auto const log = folder_.path() / fmt::format("server-{}.log", ++starts_);
  if (rights_ == Rights::few) {
    fs::create_directories(files);
    std::ofstream(log).flush();
    give_to_nobody(files);
    give_to_nobody(log);
  }
  process_ = std::make_unique<TargetProcess>(
      target_, TargetProcess::Options{files, log, {}, client_listen, ingest_listen});
}

bool TargetHold::running() {
  return !process_->wait(std::chrono::milliseconds(0));
}

void TargetHold::terminate() {
  ::kill(process_->pid(), SIGTERM);
}

void TargetHold::kill() {
  ::kill(-process_->pid(), SIGKILL);
}

bool TargetHold::ended_within(double seconds, std::string& how) {
  auto const status =
      process_->wait(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
  if (status) how = status->text();
  return status.has_value();
}

void TargetHold::restart() {
  auto const client = client_base().substr(std::string_view("http://").size());
  auto const ingest = ingest_base().substr(std::string_view("http://").size());
  process_->stop();
  start(client, ingest);
}

std::int64_t TargetHold::rss_bytes() {
  return ProcSampler(process_->pid()).memory().rss_kib * 1024;
}

int TargetHold::sockets() {
  return ProcSampler(process_->pid()).sockets();
}

}  // namespace pushlab::driver

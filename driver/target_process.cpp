#include "driver/target_process.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pwd.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>
#include <deque>
#include <fstream>
#include <system_error>
#include <thread>

#include "driver/input_error.hpp"
#include "driver/interrupt.hpp"
#include "driver/program_path.hpp"
#include "driver/ready_probe.hpp"

namespace pushlab::driver {
namespace fs = std::filesystem;
namespace json = boost::json;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds look_every{10};
constexpr milliseconds stop_patience{5000};

std::string user_name() {
  passwd const* user = ::getpwuid(::geteuid());
  return user ? user->pw_name : "nobody";
}

std::string port_of(std::string const& listen) {
  return listen.substr(listen.rfind(':') + 1);
}

// A target that tells its ports itself gets port 0; for the others a free one is picked.
std::string listen_or_default(std::string const& listen, Target::Ready ready) {
  if (!listen.empty()) return listen;
  return fmt::format("127.0.0.1:{}", ready == Target::Ready::line ? 0 : free_port());
}

void write_files(Target::Start const& start, fs::path const& folder, Pairs const& values) {
  fs::create_directories(folder);
  for (auto const& file : start.files) {
    fs::create_directories((folder / file.path).parent_path());
    std::ofstream(folder / file.path) << expand(file.text, values);
  }
}

}  // namespace

std::string last_lines(fs::path const& log, std::size_t count) {
  std::ifstream in(log);
  std::deque<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
    if (lines.size() > count) lines.pop_front();
  }
  return lines.empty() ? "" : fmt::format("; it said: {}", fmt::join(lines, " / "));
}

TargetProcess::TargetProcess(Target const& target, Options options)
    : target_(target), options_(std::move(options)), ready_(Target::Ready::line) {
  if (!target.start)
    throw InputError(
        fmt::format("{}: it has no [start]: run that server yourself and use "
                    "pushlab load --target {} with its URLs",
                    target.file.string(), target.id));
  auto const& start = *target.start;
  ready_ = start.ready;
  auto const client = listen_or_default(options_.client_listen, ready_);
  auto const ingest =
      start.one_address ? client : listen_or_default(options_.ingest_listen, ready_);
  client_base_ = "http://" + client;
  ingest_base_ = "http://" + ingest;
  Pairs const values{{"dir", fs::absolute(options_.folder).string()},
                     {"client_listen", client},
                     {"ingest_listen", ingest},
                     {"client_port", port_of(client)},
                     {"ingest_port", port_of(ingest)},
                     {"user", user_name()}};
  probe_ = expand(start.probe, values);
  write_files(start, options_.folder, values);

  SpawnPlan plan;
  for (auto const& word : start.command) plan.command.push_back(expand(word, values));
  if (auto const program = program_path(plan.command.front()); !program.empty())
    plan.command.front() = program.string();
  plan.command.insert(plan.command.begin(), options_.under.begin(), options_.under.end());
  plan.stdout_file = plan.stderr_file = options_.log;
  plan.cores = options_.cores;
  try {
    process_ = std::make_unique<Process>(plan);
  } catch (std::system_error const& error) {
    throw TargetError(fmt::format("{}: {}", target.id, error.what()));
  }
  await_ready();
}

void TargetProcess::fail(std::string const& what) const {
  throw TargetError(fmt::format("{}: {}; see {}{}", target_.id, what, options_.log.string(),
                                last_lines(options_.log, 5)));
}

bool TargetProcess::see_ready_line() {
  std::ifstream in(options_.log);
  for (std::string line; std::getline(in, line);) {
    if (in.eof() || line.find("\"ready\"") == std::string::npos) continue;
    boost::system::error_code error;
    auto const value = json::parse(line, error);
    if (error || !value.is_object()) continue;
    auto const& object = value.get_object();
    auto const* client = object.if_contains("client");
    auto const* ingest = object.if_contains("ingest");
    if (!client || !ingest || !client->is_string() || !ingest->is_string()) continue;
    client_base_ = client->get_string().c_str();
    ingest_base_ = ingest->get_string().c_str();
    return true;
  }
  return false;
}

void TargetProcess::await_ready() {
  auto const end =
      std::chrono::steady_clock::now() + std::chrono::duration<double>(target_.start->deadline_s);
  while (std::chrono::steady_clock::now() < end) {
    bool const ready = ready_ == Target::Ready::line  ? see_ready_line()
                       : ready_ == Target::Ready::tcp ? accepts_tcp(probe_)
                                                      : answers_http(probe_);
    if (ready) return;
    if (auto status = process_->wait(look_every)) fail("it ended at once, " + status->text());
    if (interrupted()) fail("interrupted");
  }
  fail(fmt::format("it was not ready within {} s", target_.start->deadline_s));
}

std::string TargetProcess::ready_line() const {
  return json::serialize(json::object{
      {"ready", true}, {"client", client_base_}, {"ingest", ingest_base_}, {"pid", pid()}});
}

ExitStatus TargetProcess::kill() {
  ::kill(-process_->pid(), SIGKILL);
  return process_->stop(stop_patience);
}

ExitStatus TargetProcess::stop() {
  return process_->stop(stop_patience);
}

}  // namespace pushlab::driver

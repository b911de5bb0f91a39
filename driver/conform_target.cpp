#include "driver/conform_target.hpp"

#include <fmt/format.h>

#include <csignal>

#include "driver/input_error.hpp"
#include "driver/proc_sampler.hpp"
#include "driver/program_path.hpp"
#include "driver/target_process.hpp"
#include "driver/temporary_folder.hpp"
#include "tests/conformance/heartbeat/intermediaries.hpp"
#include "tests/conformance/wire/exchange.hpp"

namespace pushlab::driver {
namespace {

using conformance::Endpoint;
using conformance::Strategy;

// A target started for this run.
class TargetHold final : public conformance::ProcessHold {
 public:
  explicit TargetHold(Target target) : target_(std::move(target)) { start({}, {}); }

  std::string client_base() const { return process_->client_base(); }
  std::string ingest_base() const { return process_->ingest_base(); }

  bool running() override { return !process_->wait(std::chrono::milliseconds(0)); }
  void terminate() override { ::kill(process_->pid(), SIGTERM); }
  void kill() override { ::kill(-process_->pid(), SIGKILL); }
  bool ended_within(double seconds, std::string& how) override {
    auto const status =
        process_->wait(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
    if (status) how = status->text();
    return status.has_value();
  }
  void restart() override {
    auto const client = client_base().substr(std::string_view("http://").size());
    auto const ingest = ingest_base().substr(std::string_view("http://").size());
    process_->stop();
    start(client, ingest);
  }
  std::int64_t rss_bytes() override { return ProcSampler(process_->pid()).memory().rss_kib * 1024; }
  int sockets() override { return ProcSampler(process_->pid()).sockets(); }

 private:
  void start(std::string const& client_listen, std::string const& ingest_listen) {
    process_.reset();
    auto const log = folder_.path() / fmt::format("server-{}.log", ++starts_);
    process_ = std::make_unique<TargetProcess>(
        target_,
        TargetProcess::Options{folder_.path() / "files", log, {}, client_listen, ingest_listen});
  }

  Target target_;
  TemporaryFolder folder_;
  int starts_ = 0;  // a log each: the ready line of an earlier start must not be read again
  std::unique_ptr<TargetProcess> process_;
};

Strategy strategy_named(std::string const& name) {
  if (name == "websocket") return Strategy::websocket;
  if (name == "long-poll") return Strategy::long_poll;
  if (name == "short-poll") return Strategy::short_poll;
  return Strategy::sse;
}

conformance::IngestCall ingest_call(Target const& target, std::string const& base) {
  conformance::IngestCall call;
  call.method = target.ingest.method;
  call.url = expand(target.ingest.url, {{"ingest", base}});
  call.fields.clear();
  for (auto const& [name, value] : target.ingest.headers) call.fields.push_back({name, value});
  call.body = target.ingest.body;
  return call;
}

void use_target(ConformFlags const& flags, Endpoint::Given& given) {
  auto const by_file = flags.endpoint.ends_with(".toml");
  auto target = read_target(
      find_target_file(flags.endpoint, by_file ? std::filesystem::path{} : scenarios_folder()));
  if (target.strategy == "reload")
    throw InputError(fmt::format("{}: a page reload pushes nothing: there is nothing to check",
                                 target.file.string()));
  if (auto reason = why_not_installed(target); !reason.empty())
    throw InputError(fmt::format("{}: {}", target.id, reason));
  auto hold = std::make_shared<TargetHold>(target);
  given.url = expand(target.client.url, {{"client", hold->client_base()}});
  given.strategy = strategy_named(target.strategy);
  for (auto const& [name, value] : target.client.headers) given.fields.push_back({name, value});
  given.publisher =
      std::make_shared<conformance::HttpPublisher>(ingest_call(target, hold->ingest_base()));
  given.process = std::move(hold);
}

void use_publish(std::string const& publish, Endpoint::Given& given) {
  conformance::IngestCall call;
  if (publish.find("://") != std::string::npos) {
    call.url = publish;
  } else {
    auto const target = read_target(find_target_file(publish, scenarios_folder()));
    call = ingest_call(target, "{ingest}");
    if (call.url.find("{ingest}") != std::string::npos)
      throw InputError(fmt::format(
          "{}: where {{ingest}} is, is not known: give --publish a URL, or a file with a whole one",
          target.file.string()));
  }
  given.publisher = std::make_shared<conformance::HttpPublisher>(std::move(call));
}

// The strategy that the URL's scheme or its answer shows.
Strategy detect(Endpoint::Given const& given) {
  Endpoint const probe(given);
  auto const url = probe.url();
  if (url.scheme.starts_with("ws")) return Strategy::websocket;
  try {
    conformance::Exchange exchange(url, probe.request(), probe.answer_deadline());
    if (exchange.head().value("Content-Type").find("json") == std::string::npos)
      return Strategy::sse;
  } catch (conformance::WireError const& error) {
    if (error.kind != conformance::WireError::Kind::connect) return Strategy::sse;
    throw InputError(error.what());
  }
  throw InputError(
      fmt::format("{} answers JSON: say --strategy long-poll or short-poll", url.text()));
}

// What lies between the endpoint and its clients: ids of the table of intermediaries.
std::vector<std::string> known_path(std::vector<std::string> const& path) {
  for (auto const& id : path) {
    if (conformance::find_intermediary(id)) continue;
    std::string known;
    for (auto const& one : conformance::intermediaries())
      known += (known.empty() ? "" : ", ") + std::string(one.id);
    throw InputError(fmt::format("--path {} is not known here: give some of {}", id, known));
  }
  return path;
}

}  // namespace

Endpoint::Given conform_endpoint(ConformFlags const& flags) {
  Endpoint::Given given;
  for (auto const& header : flags.headers) {
    auto const colon = header.find(':');
    if (colon == std::string::npos)
      throw InputError(fmt::format("-H \"{}\" is no header: give 'Name: value'", header));
    given.fields.push_back(
        {header.substr(0, colon), std::string(conformance::trimmed(header.substr(colon + 1)))});
  }
  given.settings.slow = flags.slow;
  given.settings.heartbeat.path = known_path(flags.path);
  given.name = flags.name;
  given.url = flags.endpoint;
  bool const by_url = flags.endpoint.find("://") != std::string::npos;
  if (!by_url) use_target(flags, given);
  if (!flags.publish.empty()) use_publish(flags.publish, given);
  try {
    if (!flags.strategy.empty())
      given.strategy = strategy_named(flags.strategy);
    else if (by_url)
      given.strategy = detect(given);
    conformance::Connection(Endpoint(given).url(), Endpoint(given).answer_deadline());
  } catch (std::invalid_argument const& error) {
    throw InputError(error.what());
  } catch (conformance::WireError const& error) {
    throw InputError(error.what());
  }
  return given;
}

}  // namespace pushlab::driver

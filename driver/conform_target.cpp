#include "driver/conform_target.hpp"

#include <fmt/format.h>

#include "driver/conform_via.hpp"
#include "driver/input_error.hpp"
#include "driver/program_path.hpp"
#include "driver/target_hold.hpp"
#include "tests/conformance/heartbeat/intermediaries.hpp"
#include "tests/conformance/proxy/via.hpp"
#include "tests/conformance/wire/exchange.hpp"

namespace pushlab::driver {
namespace {

using conformance::Endpoint;
using conformance::Strategy;

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
  if (target.strategy == "mqtt" || target.ingest.protocol == "mqtt")
    throw InputError(
        fmt::format("{}: no rule is about MQTT: there is nothing to check", target.file.string()));
  if (auto reason = why_not_installed(target); !reason.empty())
    throw InputError(fmt::format("{}: {}", target.id, reason));
  auto hold = std::make_shared<TargetHold>(target);
  // The checker's channels have a name each.
  given.url =
      expand(target.client.url, {{"client", hold->client_base()},
                                 {"events", expand(target.client.event, {{"name", "{events}"}})}});
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
    auto const& head = exchange.head();
    bool const polled =
        head.status == 200 && head.value("Content-Type").find("json") != std::string::npos;
    if (!polled) return Strategy::sse;  // also of an error: what is wrong is for the rules to say
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

void use_proxy(ConformFlags const& flags, Endpoint::Given& given) {
  if (flags.via.size() > 1)
    throw InputError("--via: one proxy at a time: several are for --matrix");
  auto const proxy = flags.tls ? read_terminator() : read_proxy(flags.via.front());
  if (auto reason = why_not_installed(proxy.target); !reason.empty())
    throw InputError(fmt::format("{}: {}", flags.tls ? "--tls" : "--via " + proxy.name(), reason));
  put_between(proxy, given);
  given.via->origin->begin();
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
  given.settings.listen_s = flags.listen_s.value_or(given.settings.listen_s);
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
    if (flags.tls || !flags.via.empty()) use_proxy(flags, given);
    conformance::Connection(Endpoint(given).url(), Endpoint(given).answer_deadline());
  } catch (std::invalid_argument const& error) {
    throw InputError(error.what());
  } catch (conformance::WireError const& error) {
    throw InputError(error.what());
  }
  return given;
}

}  // namespace pushlab::driver

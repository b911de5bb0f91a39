#include "driver/tls_setup.hpp"

#include <fmt/format.h>

#include <chrono>
#include <vector>

#include "driver/input_error.hpp"
#include "driver/interrupt.hpp"
#include "driver/proc_sampler.hpp"
#include "driver/proxy.hpp"
#include "driver/target_hold.hpp"
#include "driver/target_version.hpp"
#include "tests/conformance/wire/connection.hpp"

namespace pushlab::driver {
namespace {

using conformance::Arrival;
using conformance::Connection;
using conformance::Deadline;
using conformance::TlsTicket;
using conformance::Url;

constexpr double patience_s = 20;

std::string authority(std::string const& base) {
  return base.substr(base.find("://") + 3);
}

std::string request_of(Target const& target, Url const& url) {
  auto text = fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n", url.target, url.authority());
  if (target.strategy == "websocket") {
    text +=
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    if (auto const& name = target.client.subprotocol; !name.empty())
      text += "Sec-WebSocket-Protocol: " + name + "\r\n";
  } else {
    text += "Accept: text/event-stream\r\n";
  }
  for (auto const& [name, value] : target.client.headers) text += name + ": " + value + "\r\n";
  return text + "\r\n";
}

// Open when its answer's head is there.
Connection open_stream(Url const& url, std::string const& request, TlsTicket const& resume,
                       Deadline const& deadline) {
  Connection::Options options;
  options.resume = resume;
  Connection stream(url, deadline, options);
  stream.send(request, deadline);
  std::string answer;
  while (answer.find("\r\n\r\n") == std::string::npos) {
    auto const arrival = stream.receive(deadline);
    if (arrival.kind != Arrival::Kind::bytes || interrupted())
      throw TargetError("a stream through the terminator got no answer");
    answer += arrival.bytes;
  }
  if (!answer.starts_with("HTTP/1.1 200") && !answer.starts_with("HTTP/1.1 101"))
    throw TargetError("a stream through the terminator was refused: " +
                      answer.substr(0, answer.find('\r')));
  return stream;
}

Url url_of(Target const& target, std::string const& base) {
  auto const events = expand(target.client.event, {{"name", "t0"}});
  return Url::parse(expand(target.client.url, {{"client", base}, {"events", events}}));
}

// CPU of one stream's set-up, in us.
struct Cost {
  double server;
  double terminator;
  bool resumed;  // each of them

  double both() const { return server + terminator; }
};

class Experiment {
 public:
  Experiment(Target const& target, pid_t server, pid_t terminator)
      : target_(target), server_(server), terminator_(terminator) {}

  enum class Tickets { none, used };

  // The streams stay open: closing costs, too, and not here.
  Cost open(std::string const& base, unsigned count, Tickets tickets = Tickets::none) {
    auto const url = url_of(target_, base);
    auto const request = request_of(target_, url);
    TlsTicket ticket;
    bool resumed = true;
    auto const one_more = [&] {
      streams_.push_back(open_stream(url, request, ticket, deadline_));
      resumed = resumed && streams_.back().resumed();
    };
    one_more();  // pays for what is done once
    if (tickets == Tickets::used) ticket = streams_.back().ticket();
    resumed = ticket != nullptr;
    auto const server_ns = server_.cpu_ns();
    auto const terminator_ns = terminator_.cpu_ns();
    for (unsigned i = 0; i < count; ++i) one_more();
    auto const each_us = [&](std::int64_t ns) { return static_cast<double>(ns) / 1e3 / count; };
    return {each_us(server_.cpu_ns() - server_ns), each_us(terminator_.cpu_ns() - terminator_ns),
            resumed};
  }

 private:
  Target const& target_;
  ProcSampler server_;
  ProcSampler terminator_;
  Deadline const deadline_ = Deadline::in(patience_s);
  std::vector<Connection> streams_;
};

boost::json::object measured(Target const& target, TargetProcess const& server, unsigned count) {
  auto const terminator = read_terminator();
  if (auto const reason = why_not_installed(terminator.target); !reason.empty())
    return {{"error", reason}};
  TargetHold const hold(before_origin(terminator, authority(server.client_base())),
                        TargetHold::Rights::few);
  Experiment experiment(target, server.pid(), hold.pid());
  auto const front = expand(terminator.front, {{"client_listen", authority(hold.client_base())}});
  auto const tls = experiment.open(front, count);
  auto const again = experiment.open(front, count, Experiment::Tickets::used);
  auto const plain = experiment.open(hold.ingest_base(), count);
  return {
      {"setups", count},
      {"setup_cpu_us", tls.both()},
      {"server_cpu_us", tls.server},
      {"resumed_cpu_us", again.resumed ? boost::json::value(again.both()) : boost::json::value()},
      {"plain_cpu_us", plain.both()},
      {"terminator", "nginx " + version_of(terminator.target)}};
}

}  // namespace

bool has_tls_setup(Target const& target) {
  return target.strategy == "sse" ||
         (target.strategy == "websocket" && target.client.hello.empty());
}

boost::json::object measure_tls_setup(Target const& target, TargetProcess const& server,
                                      unsigned count) {
  try {
    return measured(target, server, count);
  } catch (std::exception const& error) {
    return {{"error", error.what()}};
  }
}

}  // namespace pushlab::driver

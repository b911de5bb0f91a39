// pushlab-relay: a network between clients and a server, as a TCP user feels it.
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>

#include "loadgen/relay/relay.hpp"

namespace {

using namespace pushlab::loadgen;

// SIGTERM and SIGINT end the loop.
class StopSignal final : public Waiter {
 public:
  explicit StopSignal(EventLoop& loop) : loop_(loop) {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (int const signal : {SIGTERM, SIGINT}) ::sigaddset(&signals, signal);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    file_ = File(::signalfd(-1, &signals, SFD_CLOEXEC));
    loop_.watch(file_.get(), EPOLLIN, *this);
  }
  void on_ready(std::uint32_t) override { loop_.stop(); }

 private:
  EventLoop& loop_;
  File file_;
};

void raise_file_limit() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

int relay(RelayPlan const& plan, std::string const& to) {
  if (auto const problem = problem_of(plan); !problem.empty()) {
    fmt::print(stderr, "pushlab-relay: {}\n", problem);
    return 2;
  }
  raise_file_limit();
  EventLoop loop;
  StopSignal const stop(loop);
  Relay const relay(loop, plan, resolve(parse_url("http://" + to)));
  auto const base = fmt::format("http://127.0.0.1:{}", relay.port());
  fmt::print("{{\"ready\":true,\"client\":\"{}\",\"ingest\":\"{}\",\"pid\":{}}}\n", base, base,
             ::getpid());
  std::fflush(stdout);
  loop.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "pushlab-relay: forwards TCP connections with the delay, loss and rate of a network.\n"
      "Loss is what TCP makes of it: a wait of 200 ms and a round trip for all that is behind."};
  RelayPlan plan;
  std::string to;
  app.add_option("--to", to, "Server: host:port")->required();
  app.add_option("--delay-ms", plan.delay_ms, "Delay, one way")->capture_default_str();
  app.add_option("--jitter-ms", plan.jitter_ms, "Uniform deviation from it, at most the delay")
      ->capture_default_str();
  app.add_option("--loss", plan.loss, "Share of TCP segments that are lost")->capture_default_str();
  app.add_option("--rate-bytes-per-s", plan.rate_bytes_per_s,
                 "Of each direction of each connection; 0: no limit")
      ->capture_default_str();
  app.add_option("--seed", plan.seed, "Of jitter and loss")->capture_default_str();
  app.footer("Example: pushlab-relay --to 127.0.0.1:8080 --delay-ms 50 --jitter-ms 15 --loss 0.01");
  try {
    app.parse(argc, argv);
    return relay(plan, to);
  } catch (CLI::ParseError const& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (std::exception const& error) {
    fmt::print(stderr, "pushlab-relay: {}\n", error.what());
    return 2;
  }
}

#include "servers/server/server.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdio>
#include <deque>
#include <exception>
#include <thread>

#include "servers/ingest/ingest_handler.hpp"
#include "servers/net/connection_table.hpp"
#include "servers/net/listener.hpp"
#include "servers/server/end_log.hpp"
#include "servers/server/loop.hpp"
#include "servers/server/metrics_text.hpp"

namespace pushlab::server {
namespace {

// What the limit on open files leaves for clients; the limit itself is raised as far as allowed.
std::uint64_t connections_allowed(std::uint32_t configured) {
  constexpr rlim_t kept_for_the_server = 64;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  auto const room = files.rlim_cur > kept_for_the_server ? files.rlim_cur - kept_for_the_server : 1;
  return configured == 0 ? room : std::min<std::uint64_t>(configured, room);
}

// The whole program between the flags and the exit status. The first loop's thread is the main one;
// it also has the ingest, the listeners and the signals.
class Server {
 public:
  Server(Strategy strategy, ServerOptions options)
      : strategy_(std::move(strategy)),
        options_(std::move(options)),
        broker_(new_epoch(), *strategy_.encoder, options_.refresh),
        gate_(
            {connections_allowed(options_.max_connections), options_.max_connections_per_address},
            [this] { return open_connections(); }, end_log(options_)) {
    for (auto& loop : loops_)
      broker_.add_loop([&loop](EventPtr event) { loop.publish(std::move(event)); });
    open_ingest();
    open_clients();
  }

  void run() {
    for (auto& loop : loops_) loop.start_ticking();
    tick_ingest();
    ingest_listener_->start();
    client_listener_->start();
    wait_for_signal();
    fmt::print("{{\"ready\":true,\"client\":\"{}\",\"ingest\":\"{}\",\"pid\":{}}}\n",
               client_listener_->url(), ingest_listener_->url(), ::getpid());
    std::fflush(stdout);
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < loops_.size(); ++i)
      threads.emplace_back([this, i] { loops_[i].io().run(); });
    main_io().run();
    for (auto& thread : threads) thread.join();
  }

 private:
  std::deque<Loop> make_loops() {
    std::deque<Loop> loops;
    for (std::uint32_t i = 0; i < options_.threads; ++i)
      loops.emplace_back(strategy_, options_, broker_, share_);
    return loops;
  }

  HubOptions hub_options() const {
    return {options_.history, options_.account_event, options_.leave_out_origin,
            std::chrono::milliseconds{options_.snapshot_delay_ms}, options_.rules};
  }

  boost::asio::io_context& main_io() { return loops_.front().io(); }

  void open_ingest() {
    ingest_ = std::make_unique<IngestHandler>(IngestContext{broker_, [this] { return metrics(); },
                                                            [this] { return draining_; },
                                                            options_.ingest_token});
    TableOptions table;
    table.request.target_bytes = options_.max_target_bytes;
    table.request.head_bytes = options_.max_head_bytes;
    table.request.body_bytes = options_.max_body_bytes;
    ingest_table_ = std::make_unique<ConnectionTable>(main_io(), table, ingest_counters_);
    ingest_table_->use(*ingest_);
    ingest_listener_ = std::make_unique<Listener>(
        main_io(), options_.ingest_listen, std::vector<Home>{{&main_io(), ingest_table_.get()}});
  }

  void open_clients() {
    std::vector<Home> homes;
    for (auto& loop : loops_) homes.push_back({&loop.io(), &loop.front()});
    client_listener_ =
        std::make_unique<Listener>(main_io(), options_.client_listen, std::move(homes), &gate_);
  }

  std::uint64_t open_connections() const {
    std::uint64_t open = 0;
    for (auto const& loop : loops_) open += loop.counters().open();
    return open;
  }

  std::string metrics() const {
    std::vector<Counters const*> all{&gate_.counters()};
    auto can_authenticate = true;
    for (auto const& loop : loops_) {
      all.push_back(&loop.counters());
      can_authenticate = can_authenticate && loop.can_authenticate();
    }
    return metrics_text({strategy_.name, broker_.last_seq(), can_authenticate}, all);
  }

  void tick_ingest() {
    ingest_ticker_.expires_after(std::chrono::milliseconds{1000 / Front::ticks_per_s});
    ingest_ticker_.async_wait([this](boost::system::error_code ec) {
      if (ec) return;
      ingest_table_->tick();
      tick_ingest();
    });
  }

  void wait_for_signal() {
    signals_.async_wait([this](boost::system::error_code ec, int) {
      if (!ec) drain();
    });
  }

  // Goodbye to everybody at an event boundary; whoever has not gone in time is cut.
  void drain() {
    draining_ = true;
    client_listener_->stop();
    for (auto& loop : loops_) boost::asio::post(loop.io(), [&loop] { loop.front().drain(); });
    drain_until_ = std::chrono::steady_clock::now() + std::chrono::seconds{options_.drain_s};
    signals_.async_wait([this](boost::system::error_code ec, int) {
      if (!ec) drain_until_ = {};  // asked twice: at once
    });
    watch_drain();
  }

  void watch_drain() {
    drain_timer_.expires_after(std::chrono::milliseconds{10});
    drain_timer_.async_wait([this](boost::system::error_code) {
      auto const late = std::chrono::steady_clock::now() >= drain_until_;
      if (open_connections() > 0 && !late) return watch_drain();
      for (auto& loop : loops_) loop.io().stop();
    });
  }

  Strategy strategy_;
  ServerOptions options_;
  Broker broker_;
  Gate gate_;
  Counters ingest_counters_;
  bool draining_ = false;
  LoopShare share_{hub_options(), {}, ConnectionQuota{options_.max_connections_per_user}};
  std::deque<Loop> loops_ = make_loops();
  std::unique_ptr<IngestHandler> ingest_;
  std::unique_ptr<ConnectionTable> ingest_table_;
  std::unique_ptr<Listener> ingest_listener_;
  std::unique_ptr<Listener> client_listener_;
  boost::asio::steady_timer ingest_ticker_{main_io()};
  boost::asio::steady_timer drain_timer_{main_io()};
  boost::asio::signal_set signals_{main_io(), SIGINT, SIGTERM};
  std::chrono::steady_clock::time_point drain_until_;
};

}  // namespace

int run_server(int argc, char const* const* argv, Strategy strategy) {
  auto const name = strategy.name;
  try {
    ServerOptions options;
    if (!read_options(argc, argv, name, options)) return 0;
    if (options.threads > strategy.max_threads)
      throw UsageError{
          fmt::format("--threads: {} runs on at most {} thread(s).", name, strategy.max_threads)};
    Server{std::move(strategy), std::move(options)}.run();
    return 0;
  } catch (UsageError const& error) {
    fmt::print(stderr, "{}: {}\n", name, error.sentence);
  } catch (std::exception const& error) {
    fmt::print(stderr, "{}: {}\n", name, error.what());
  }
  return 2;
}

}  // namespace pushlab::server

#include "driver/load_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <fstream>

#include "driver/interrupt.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

std::int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

char const* name_of(loadgen::Phase phase) {
  switch (phase) {
    case loadgen::Phase::connect:
      return "connecting";
    case loadgen::Phase::connected:
      return "settling";
    case loadgen::Phase::warm_up:
      return "warming up";
    case loadgen::Phase::measure:
      return "measuring";
    case loadgen::Phase::drain:
      return "draining";
    case loadgen::Phase::done:
      return "done";
  }
  return "";
}

double number(json::object const& object, char const* key) {
  auto const* value = object.if_contains(key);
  return value && value->is_number() ? value->to_number<double>() : 0;
}

}  // namespace

LoadWatch::LoadWatch(std::optional<pid_t> server_pid, std::string phases)
    : phases_(std::move(phases)) {
  if (!server_pid) return;
  server_.emplace(*server_pid);
  before_ = server_->memory();
  setup_cpu_ns_ = -server_->cpu_ns();  // the phase is said after the first connects have begun
}

void LoadWatch::phase(loadgen::Phase phase, std::int64_t at_ns) {
  if (!phases_.empty())
    std::ofstream(phases_, std::ios::app) << fmt::format("{} {}\n", name_of(phase), at_ns);
  if (!server_) return;
  switch (phase) {
    case loadgen::Phase::connected:
      setup_cpu_ns_ += server_->cpu_ns();
      break;
    case loadgen::Phase::warm_up:  // the settle time is over, nothing has been sent yet
      idle_ = server_->memory();
      threads_ = server_->threads();
      sockets_ = server_->sockets();
      break;
    case loadgen::Phase::measure:
      measuring_ = true;
      sample_cpu(now_ns());
      break;
    case loadgen::Phase::drain:
      sample_cpu(now_ns());
      measuring_ = false;
      break;
    default:
      break;
  }
}

void LoadWatch::sample_cpu(std::int64_t at_ns) {
  samples_.push_back({at_ns, server_->cpu_ns()});
}

void LoadWatch::progress(loadgen::Progress const& progress) {
  if (server_ && measuring_) {
    auto const now = now_ns();
    auto const next =
        samples_.front().at_ns + static_cast<std::int64_t>(samples_.size()) * second_ns;
    if (now >= next) sample_cpu(now);
  }
  status_.show(
      fmt::format("{}: {} clients connected, {} of {} events, {} deliveries, {:.0f} s left",
                  name_of(progress.phase), progress.connected, progress.events_sent,
                  progress.events_planned, progress.delivered, std::max(progress.left_s, 0.0)));
}

bool LoadWatch::stop_requested() const {
  return interrupted();
}

void LoadWatch::add_server(json::object& load, bool streams) const {
  if (!server_ || samples_.size() < 2) return;
  auto const& begin = samples_.front();
  auto const& end = samples_.back();
  auto const cpu_ns = static_cast<double>(end.cpu_ns - begin.cpu_ns);
  auto const delivered = number(load, "delivered");
  auto const connected = std::max(number(load, "connected"), 1.0);
  auto const per_connection = [&](std::int64_t before, std::int64_t idle) {
    return static_cast<double>(idle - before) / connected;
  };
  load["server"] = json::object{
      {"cpu_us_per_delivery",
       delivered > 0 ? json::value(cpu_ns / 1e3 / delivered) : json::value()},
      {"cpu_share",
       cpu_ns / static_cast<double>(std::max<std::int64_t>(end.at_ns - begin.at_ns, 1))},
      {"setup_cpu_us",
       streams ? json::value(static_cast<double>(setup_cpu_ns_) / 1e3 / connected) : json::value()},
      {"memory_kib_per_connection", per_connection(before_.user_kib, idle_.user_kib)},
      {"kernel_kib_per_connection", per_connection(before_.kernel_kib, idle_.kernel_kib)},
      {"rss_kib_before", before_.rss_kib},
      {"rss_kib_idle", idle_.rss_kib},
      {"threads", threads_},
      {"sockets", sockets_}};
  auto* series = load.if_contains("series");
  if (!series || !series->is_array()) return;
  for (std::size_t i = 0; i + 1 < samples_.size() && i < series->get_array().size(); ++i) {
    auto const& from = samples_[i];
    auto const& to = samples_[i + 1];
    series->get_array()[i].as_object()["server_cpu_share"] =
        static_cast<double>(to.cpu_ns - from.cpu_ns) / static_cast<double>(to.at_ns - from.at_ns);
  }
}

}  // namespace pushlab::driver

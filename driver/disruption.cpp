#include "driver/disruption.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>

namespace pushlab::driver {
namespace {

using std::chrono::duration;
using std::chrono::milliseconds;

constexpr milliseconds glance{20};
constexpr milliseconds usual{500};

using Clock = std::chrono::steady_clock;

Clock::time_point later(Clock::time_point time, double by_s) {
  return time + std::chrono::duration_cast<Clock::duration>(duration<double>(by_s));
}

milliseconds until(Clock::time_point due) {
  return std::clamp(std::chrono::ceil<milliseconds>(due - Clock::now()), milliseconds(0), usual);
}

double seconds(Clock::duration time) {
  return duration<double>(time).count();
}

std::string authority(std::string const& base) {
  return base.substr(base.find("://") + 3);
}

}  // namespace

Disruption::Disruption(Scenario::Disruption plan, std::filesystem::path phases)
    : plan_(std::move(plan)), phases_(std::move(phases)) {}

// "measuring <CLOCK_MONOTONIC ns>", a line a phase.
bool Disruption::read_begin() {
  constexpr std::string_view mark = "measuring ";
  std::ifstream in(phases_);
  for (std::string line; std::getline(in, line);) {
    if (in.eof() || !line.starts_with(mark)) continue;
    begin_ = Clock::time_point(std::chrono::nanoseconds(std::stoll(line.substr(mark.size()))));
  }
  return begin_.has_value();
}

milliseconds Disruption::step(std::unique_ptr<TargetProcess>& server, Target const& target,
                              TargetProcess::Options const& options) {
  if (done_) return usual;
  if (!begin_ && !read_begin()) return glance;
  auto const at = later(*begin_, plan_.at_s);
  if (server) {
    if (Clock::now() < at) return until(at);
    end(server);
  }
  auto const back = later(ended_, plan_.down_s);
  if (Clock::now() < back) return until(back);
  auto again = options;
  again.log.replace_extension(".again.log");  // the ready line of the first start is in the other
  again.client_listen = client_;
  again.ingest_listen = ingest_;
  server = std::make_unique<TargetProcess>(target, again);
  facts_["down_s"] = seconds(Clock::now() - *begin_) - facts_.at("at_s").to_number<double>();
  done_ = facts_;
  return usual;
}

void Disruption::end(std::unique_ptr<TargetProcess>& server) {
  client_ = authority(server->client_base());
  ingest_ = authority(server->ingest_base());
  facts_ = {{"kind", plan_.kind}, {"at_s", seconds(Clock::now() - *begin_)}};
  auto const status = plan_.kind == "kill" ? server->kill() : server->stop();
  facts_["exit"] = status.text();
  ended_ = Clock::now();
  server.reset();
}

}  // namespace pushlab::driver

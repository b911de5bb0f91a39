#include "driver/exact_counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <stdexcept>

#include "driver/count_tools.hpp"
#include "driver/input_error.hpp"
#include "driver/interrupt.hpp"
#include "driver/load_flags.hpp"
#include "driver/proc_sampler.hpp"
#include "driver/target_process.hpp"
#include "driver/temporary_folder.hpp"
#include "loadgen/load.hpp"

namespace pushlab::driver {
namespace fs = std::filesystem;
namespace {

using results::ExactCount;

constexpr double deadline_s = 30;        // of all events together
constexpr double start_deadline_s = 60;  // of a server under a tool
// So many milliseconds in a row the server must be seen to wait.
constexpr unsigned waits_wanted = 2;
constexpr unsigned few_events = events_in_block;  // what a whole run's count is compared with

struct CannotCount : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Lets an event go when the server waits, and notes how far the counts are then.
class Pacer final : public loadgen::LoadObserver {
 public:
  Pacer(pid_t server, std::function<Tally()> read) : server_(server), read_(std::move(read)) {}

  bool lets_go(std::uint32_t) override {
    waits_ = server_.asleep() ? waits_ + 1 : 0;
    if (waits_ < waits_wanted) return false;
    waits_ = 0;
    marks_.push_back(read_());
    return true;
  }
  bool stop_requested() const override { return interrupted(); }

  // Before each event, and after the last one.
  std::vector<Tally> const& marks() const { return marks_; }

 private:
  ProcSampler server_;
  std::function<Tally()> read_;
  unsigned waits_ = 0;
  std::vector<Tally> marks_;
};

loadgen::LoadPlan plan_of(Target const& target, TargetProcess const& server,
                          CountPlan const& plan) {
  LoadFlags flags;
  flags.target = fs::absolute(target.file).string();
  flags.client_url = server.client_base();
  flags.ingest_url = server.ingest_base();
  flags.arrivals = "lockstep";
  flags.plan.clients = plan.clients;
  flags.plan.payload_bytes = plan.payload_bytes;
  flags.plan.events = plan.events;
  flags.plan.settle_s = 0;
  flags.plan.warmup_s = 0;
  flags.plan.measure_s = deadline_s;
  flags.plan.drain_s = 0;
  return make_plan(flags);
}

struct Replay {
  std::vector<Tally> marks;
  double bytes_per_delivery;  // that clients received and sent
};

using Inspect = std::function<void(ProcSampler const&)>;

// A server from its start to its end.
Replay replay(Target target, CountPlan const& plan, fs::path const& folder,
              std::vector<std::string> const& under, std::function<Tally()> read,
              Inspect const& inspect = {}) {
  target.start->deadline_s = std::max(target.start->deadline_s, start_deadline_s);
  TargetProcess server(target, {folder / "files", folder / "server.log", {}, {}, {}, under});
  if (inspect) inspect(ProcSampler(server.pid()));
  Pacer pacer(server.pid(), std::move(read));
  auto const load = loadgen::run_load(plan_of(target, server, plan), pacer);
  if (load.interrupted) throw CannotCount("interrupted");
  if (load.connected < plan.clients)
    throw CannotCount(fmt::format("{} of {} clients connected", load.connected, plan.clients));
  if (auto const ended = server.wait(std::chrono::milliseconds(0)))
    throw CannotCount(fmt::format("the server ended, {}", ended->text()));
  if (pacer.marks().size() <= load.events || load.lost > 0)
    throw CannotCount(fmt::format(
        "after {} of {} events {}", load.events, plan.events,
        load.lost > 0 ? "not every client had the last one" : "the server was never seen to wait"));
  server.stop();
  return {pacer.marks(), static_cast<double>(load.bytes_received + load.bytes_sent) /
                             static_cast<double>(load.delivered)};
}

double per_delivery(std::uint64_t of_a_block, CountPlan const& plan) {
  return static_cast<double>(of_a_block) / static_cast<double>(events_in_block * plan.clients);
}

using Counted = std::map<std::string, double>;  // by id

Counted under_strace(Target const& target, CountPlan const& plan, fs::path const& folder) {
  SystemCallLog log(folder / "system-calls");
  auto const marks = replay(target, plan, folder, log.words(), [&] { return log.read(); }).marks;
  return {{"writes_per_delivery", per_delivery(cheapest_block(marks, &Tally::writes), plan)},
          {"syscalls_per_delivery", per_delivery(cheapest_places(marks, &Tally::calls), plan)}};
}

Counted with_library(Target const& target, CountPlan const& plan, fs::path const& folder) {
  AllocationLog log(folder / "allocations");
  auto const inspect = [](ProcSampler const& server) {
    if (!std::ranges::all_of(server.tree(), AllocationLog::is_loaded_by))
      throw CannotCount(
          "the server did not load the counting library: it is linked statically, or sets "
          "LD_PRELOAD itself");
  };
  auto const seen = replay(target, plan, folder, log.words(), [&] { return log.read(); }, inspect);
  return {{"allocations_per_delivery",
           per_delivery(cheapest_block(seen.marks, &Tally::allocations), plan)}};
}

Counted as_it_is(Target const& target, CountPlan const& plan, fs::path const& folder) {
  auto const seen = replay(target, plan, folder, {}, [] { return Tally{}; });
  return {{"bytes_per_delivery", seen.bytes_per_delivery}};
}

// What callgrind counts includes the start: a short run is taken off.
Counted under_callgrind(Target const& target, CountPlan const& plan, fs::path const& folder) {
  auto const instructions = [&](unsigned events) {
    auto own = plan;
    own.events = events;
    auto const place = folder / std::to_string(events);
    fs::create_directories(place);
    InstructionLog const log(place);
    replay(target, own, place, log.words(), [] { return Tally{}; });
    if (auto const count = log.read(); count > 0) return static_cast<double>(count);
    throw CannotCount("valgrind said nothing when the server had ended");
  };
  auto const few = instructions(few_events);
  auto const all = instructions(plan.events);
  return {{"instructions_per_delivery",
           (all - few) / (static_cast<double>(plan.events - few_events) * plan.clients)}};
}

struct Figure {
  char const* id;
  char const* title;
  char const* unit;
};

struct Way {
  std::vector<Figure> figures;
  std::string (*why_not)();
  Counted (*count)(Target const&, CountPlan const&, fs::path const&);
};

Way const bytes{
    {{"bytes_per_delivery", "Bytes per delivery", "B"}}, [] { return std::string(); }, as_it_is};
Way const system_calls{{{"writes_per_delivery", "Writes to sockets per delivery", ""},
                        {"syscalls_per_delivery", "System calls per delivery", ""}},
                       SystemCallLog::why_not,
                       under_strace};
Way const allocations{{{"allocations_per_delivery", "Heap allocations per delivery", ""}},
                      AllocationLog::why_not,
                      with_library};
Way const instructions{{{"instructions_per_delivery", "Instructions per delivery", ""}},
                       InstructionLog::why_not,
                       under_callgrind};

std::string why_not(Target const& target, Way const& way) {
  if (target.strategy == "short-poll" || target.strategy == "reload")
    return "its clients ask by the clock, whether there is an event or not";
  if (auto reason = why_not_installed(target); !reason.empty()) return reason;
  return way.why_not();
}

std::vector<Counted> take(Way const& way, Target const& target, CountPlan const& plan) {
  std::vector<Counted> times;
  while (times.size() < plan.times) {
    TemporaryFolder const folder;
    times.push_back(way.count(target, plan, folder.path()));
  }
  return times;
}

// The folder in the message is gone by the time that somebody reads it.
std::string without_log(std::string text) {
  auto const begin = text.find("; see /");
  auto const end = begin == text.npos ? begin : text.find(';', begin + 1);
  if (begin != text.npos) text.erase(begin, end == text.npos ? end : end - begin);
  return text;
}

void add(Way const& way, Target const& target, CountPlan const& plan,
         std::vector<ExactCount>& counts) {
  auto reason = why_not(target, way);
  std::vector<Counted> times;
  if (reason.empty()) {
    try {
      times = take(way, target, plan);
    } catch (InputError const&) {
      throw;
    } catch (std::exception const& error) {  // also TargetError, loadgen::LoadError
      reason = without_log(error.what());
    }
  }
  for (auto const& [id, title, unit] : way.figures) {
    ExactCount count{id, title, unit, {}, 0, static_cast<unsigned>(times.size()), reason};
    for (auto const& one : times) {
      count.value = std::min(count.value.value_or(one.at(id)), one.at(id));
      count.highest = std::max(count.highest, one.at(id));
    }
    counts.push_back(std::move(count));
  }
}

std::vector<ExactCount> count_in(std::vector<Way const*> const& ways, Target const& target,
                                 CountPlan const& plan) {
  if (!target.start)
    throw InputError(fmt::format(
        "{}: it has no [start], and what is counted is counted in a fresh server: give it one",
        target.file.string()));
  if (plan.events < 2 * events_in_block)
    throw InputError(
        fmt::format("{} events are too few to count: give {}", plan.events, 2 * events_in_block));
  std::vector<ExactCount> counts;
  for (auto const* way : ways) add(*way, target, plan, counts);
  return counts;
}

}  // namespace

CountPlan exact_plan(Target const& target) {
  CountPlan plan;
  if (target.strategy == "long-poll") plan.clients = 1;
  return plan;
}

std::vector<ExactCount> exact_counts(Target const& target, CountPlan const& plan) {
  std::vector<Way const*> ways{&bytes, &system_calls, &allocations};
  if (plan.instructions) ways.push_back(&instructions);
  return count_in(ways, target, plan);
}

std::vector<ExactCount> count_system_calls(Target const& target, CountPlan const& plan) {
  return count_in({&system_calls}, target, plan);
}

}  // namespace pushlab::driver

#include "driver/scenario_run.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <ctime>
#include <deque>

#include "driver/build_info.hpp"
#include "driver/ceiling.hpp"
#include "driver/exact_counts.hpp"
#include "driver/input_error.hpp"
#include "driver/interrupt.hpp"
#include "driver/nearest_name.hpp"
#include "driver/program_path.hpp"
#include "driver/second_try.hpp"
#include "driver/target_version.hpp"
#include "results/validity.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

// Enough for the price of a delivery, in about a second.
constexpr unsigned most_counted_clients = 100;
constexpr unsigned counted_events = 30;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void check_names(std::vector<std::string> const& only, Scenario const& scenario) {
  std::vector<std::string> ids;
  for (auto const& entry : scenario.targets) ids.push_back(entry.name);
  for (auto const& id : only) {
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) continue;
    auto const nearest = nearest_name(id, ids);
    throw InputError(fmt::format("--targets {}: {} has no such target: {}", id,
                                 scenario.file.string(),
                                 nearest.empty() ? fmt::format("it has {}", fmt::join(ids, ", "))
                                                 : fmt::format("did you mean {}?", nearest)));
  }
}

bool is_null(Contender const& contender) {
  return contender.target.id == "null";
}

bool has_block(Contender const& contender, unsigned block) {
  return !contender.done.empty() &&
         contender.done.back().at("block").to_number<unsigned>() == block;
}

std::string names_of(std::vector<Contender*> const& together) {
  std::vector<std::string> names;
  for (auto const* contender : together) names.push_back(contender->name);
  return fmt::format("{}", fmt::join(names, " and "));
}

// Those of a pair begin to warm up at an agreed instant: late enough for both to have connected and
// settled. Whoever is late says so.
void begin_loads(std::deque<Repetition>& running, unsigned clients) {
  auto const lead = std::chrono::milliseconds(1000 + clients);
  auto const start_at = (Clock::now() + lead).time_since_epoch();
  unsigned side = 0;
  for (auto& one : running) {
    if (running.size() == 1)
      one.begin({});
    else
      one.begin(LoadChild::Turn{side++, std::chrono::nanoseconds(start_at).count()});
  }
}

// The folder of the scenario or the one above it, where there are targets/; else that of all.
fs::path folder_with_targets(fs::path const& scenario) {
  auto folder = fs::absolute(scenario).parent_path();
  for (int level = 0; level < 2; ++level, folder = folder.parent_path())
    if (fs::is_directory(folder / "targets")) return folder;
  return scenarios_folder();
}

}  // namespace

std::string utc_now() {
  return fmt::format("{:%FT%TZ}", fmt::gmtime(std::time(nullptr)));
}

ScenarioRun::ScenarioRun(Scenario scenario, std::vector<std::string> const& only)
    : scenario_(std::move(scenario)), cores_(divide_cores()) {
  check_names(only, scenario_);
  auto const folder = folder_with_targets(scenario_.file);
  for (auto const& entry : scenario_.targets) {
    if (!only.empty() && std::find(only.begin(), only.end(), entry.name) == only.end()) continue;
    Target target;
    try {
      target = read_target(find_target_file(entry.id, folder));
    } catch (InputError const& error) {
      throw InputError(fmt::format("{}: {}", entry.place, error.what()));
    }
    check_entry(entry, target.strategy);
    if (!entry.title.empty()) target.title = entry.title;
    check_workload(scenario_, target.strategy);
    if (auto const reason = why_not_installed(target); !reason.empty()) {
      skipped_.push_back({{"id", entry.name}, {"title", target.title}, {"reason", reason}});
      continue;
    }
    if (target.start)
      target.start->command.insert(target.start->command.end(), entry.server_args.begin(),
                                   entry.server_args.end());
    auto variant = variant_of(scenario_, entry);
    if (target.id == "null") variant = undisturbed(std::move(variant));
    auto options = options_of(variant, entry, target);
    auto version = version_of(target);
    contenders_.push_back({entry.name,
                           std::move(target),
                           std::move(variant),
                           std::move(options),
                           entry.repetitions.value_or(scenario_.repetitions),
                           std::move(version),
                           {},
                           {}});
  }
}

// Its partner, too, where it has one that takes part in this block. The plan says who is first.
ScenarioRun::Together ScenarioRun::together_with(Contender& contender, unsigned block,
                                                 std::vector<PlannedRepetition> const& plan) {
  Together together{&contender};
  if (!takes_turns(contender.scenario) || is_null(contender)) return together;
  for (auto const& planned : plan) {
    auto& other = contenders_[planned.target];
    if (planned.block == block && &other != &contender && !is_null(other))
      together.push_back(&other);
  }
  return together;
}

std::vector<json::object> ScenarioRun::repeat(Together const& together,
                                              PlannedRepetition const& planned,
                                              fs::path const& folder, std::string const& suffix) {
  std::vector<json::object> repetitions(together.size(), {{"block", planned.block},
                                                          {"order", planned.order},
                                                          {"started", utc_now()},
                                                          {"error", nullptr}});
  auto const names = names_of(together);
  auto const begin = Clock::now();
  std::deque<Repetition> running;
  auto first_left = repetitions.begin();  // of those that have no result
  auto const fail = [&](std::exception const& error) {
    for (auto at = first_left; at != repetitions.end(); ++at) (*at)["error"] = error.what();
  };
  try {
    for (auto const* contender : together)
      running.emplace_back(*contender, planned,
                           Repetition::Place{scenario_, cores_, folder, suffix});
    begin_loads(running, scenario_.clients);
    for (auto& one : running) {
      for (auto& member : one.finish([&] { show_progress(names, planned, seconds_since(begin)); }))
        first_left->insert_or_assign(member.key(), member.value());
      if (together.size() > 1) (*first_left)["together"] = names;
      ++first_left;
    }
  } catch (RepetitionError const& error) {
    fail(error);
  } catch (TargetError const& error) {
    fail(error);
  } catch (std::system_error const& error) {
    fail(error);
  }
  return repetitions;
}

// What the second try brings stands, whatever it is: nothing is chosen.
std::vector<json::object> ScenarioRun::measure(Together const& together,
                                               PlannedRepetition const& planned,
                                               fs::path const& folder) {
  auto repetitions = repeat(together, planned, folder, "");
  share_doubts(repetitions);
  auto const spoilt = std::ranges::find_if(repetitions, results::only_generator_spoilt);
  if (second_tries_ == 0 || interrupted() || spoilt == repetitions.end()) return repetitions;
  --second_tries_;
  auto const first = discarded(*spoilt);
  status_.wipe();
  fmt::print(stderr, "pushlab: {}, block {} is measured again: {}\n", names_of(together),
             planned.block + 1, why_discarded(first));
  repetitions = repeat(together, planned, folder, "-again");
  share_doubts(repetitions);
  for (auto& repetition : repetitions) repetition["discarded"] = json::array{first};
  return repetitions;
}

// The same for every repetition, and strace would slow those down.
void ScenarioRun::count_system_calls_of(Contender& contender) {
  status_.show(fmt::format("{}counting the system calls of {}", label_, contender.name));
  CountPlan plan;
  plan.clients = std::min(scenario_.clients, most_counted_clients);
  plan.events = counted_events;
  plan.payload_bytes = scenario_.payload_bytes;
  plan.times = 1;
  contender.counts = count_system_calls(contender.target, plan);
  status_.wipe();
  if (interrupted()) throw RunInterrupted();
}

json::object ScenarioRun::ceiling_with(Target const& null, Scenario const& scenario,
                                       std::string const& name, fs::path const& folder) {
  status_.show(fmt::format("{}measuring the ceiling of this machine", label_));
  auto ceiling =
      measure_ceiling({null, scenario.clients, scenario.payload_bytes, cores_, folder, name});
  status_.wipe();
  if (auto const* error = ceiling.if_contains("error"))
    fmt::print(stderr, "pushlab: the ceiling was not measured: {}\n", error->as_string().c_str());
  ceiling["target"] = name;
  return ceiling;
}

// One for each null server: they differ in what they carry. Where streams of data take part and no
// null server does, one of the lab's own; what polls has no such ceiling.
json::array ScenarioRun::measure_ceilings(fs::path const& folder) {
  json::array ceilings;
  for (auto const& contender : contenders_) {
    if (is_null(contender))
      ceilings.push_back(
          ceiling_with(contender.target, contender.scenario, contender.name, folder));
  }
  auto const streams = [](auto const& contender) {
    return is_stream(contender.target.strategy) &&
           !contender.scenario.client.refresh.value_or(false);
  };
  if (!ceilings.empty() || std::ranges::none_of(contenders_, streams)) return ceilings;
  try {
    auto const null = read_target(find_target_file("null", scenarios_folder()));
    ceilings.push_back(ceiling_with(null, scenario_, null.id, folder));
  } catch (InputError const& error) {
    fmt::print(stderr, "pushlab: the ceiling was not measured: {}\n", error.what());
  }
  return ceilings;
}

void ScenarioRun::show_progress(std::string const& names, PlannedRepetition const& planned,
                                double since_s) {
  auto const usual_s = usual_seconds(scenario_);
  auto const left_s = static_cast<double>(all_ - done_) * usual_s - std::min(since_s, usual_s);
  auto const left = static_cast<int>(left_s);
  status_.show(fmt::format("{}[{}/{}] {}, block {}: {:.0f} of about {:.0f} s; {}:{:02} left",
                           label_, done_ + 1, all_, names, planned.block + 1, since_s, usual_s,
                           left / 60, left % 60));
}

json::object ScenarioRun::execute(fs::path const& folder, std::string const& run_id) {
  auto const started = utc_now();
  auto const begin = Clock::now();
  MachineShares const shares;
  if (scenario_.system_calls) {
    for (auto& contender : contenders_) count_system_calls_of(contender);
  }
  std::vector<unsigned> repetitions;
  for (auto const& contender : contenders_) repetitions.push_back(contender.repetitions);
  carry_out(plan_run(repetitions, scenario_.seed), folder);
  bool const whole = done_ == all_;
  if (!whole) skip_unmeasured();
  auto machine = machine_facts();
  auto const used = shares.now();
  machine["steal_share"] = used.steal;
  machine["other_cpu_share"] = used.other_cpu;
  auto ceilings = is_probe_ || !whole ? json::array() : measure_ceilings(folder);
  json::object result{{"schema", "pushlab.result/1"},
                      {"run",
                       {{"id", run_id},
                        {"started", started},
                        {"duration_s", seconds_since(begin)},
                        {"pushlab", build_info()}}},
                      {"scenario", to_json(scenario_)},
                      {"machine", std::move(machine)},
                      {"targets", targets()},
                      {"skipped", skipped_}};
  if (!ceilings.empty()) result["ceilings"] = std::move(ceilings);
  if (!whole) result["run"].as_object()["interrupted"] = true;
  return result;
}

// An interrupt ends it; the repetition that it cut off is left out.
void ScenarioRun::carry_out(std::vector<PlannedRepetition> const& plan, fs::path const& folder) {
  all_ = plan.size();
  second_tries_ = is_probe_ ? 0 : most_second_tries(all_);
  for (done_ = 0; done_ < all_; ++done_) {
    auto const& planned = plan[done_];
    auto& contender = contenders_[planned.target];
    if (has_block(contender, planned.block)) continue;  // together with another one
    auto const together = together_with(contender, planned.block, plan);
    auto repetitions = measure(together, planned, folder);
    status_.wipe();
    if (interrupted()) return;
    for (std::size_t i = 0; i < together.size(); ++i) {
      if (auto const& error = repetitions[i]["error"]; !error.is_null())
        fmt::print(stderr, "pushlab: {}, block {}: {}\n", together[i]->name, planned.block + 1,
                   error.as_string().c_str());
      together[i]->done.push_back(std::move(repetitions[i]));
    }
  }
}

void ScenarioRun::extend(std::vector<std::string> const& names, unsigned blocks,
                         fs::path const& folder, json::object& result) {
  auto const begin = Clock::now();
  std::vector<unsigned> more;
  unsigned first = 0;  // block that none of them has had
  for (auto const& contender : contenders_) {
    bool const takes_part = std::ranges::find(names, contender.name) != names.end();
    more.push_back(takes_part ? blocks : 0);
    if (takes_part) first = std::max(first, contender.repetitions);
  }
  auto plan = plan_run(more, scenario_.seed + first);
  for (auto& planned : plan) planned.block += first;
  carry_out(plan, folder);
  result["targets"] = targets();
  auto& run = result.at("run").as_object();
  run["duration_s"] = run.at("duration_s").to_number<double>() + seconds_since(begin);
}

void ScenarioRun::skip_unmeasured() {
  for (auto const& contender : contenders_) {
    if (contender.done.empty())
      skipped_.push_back({{"id", contender.name},
                          {"title", contender.target.title},
                          {"reason", "the run was interrupted before its first repetition"}});
  }
  std::erase_if(contenders_, [](auto const& contender) { return contender.done.empty(); });
  if (contenders_.empty()) throw RunInterrupted();
}

json::array ScenarioRun::targets() const {
  json::array list;
  for (auto const& contender : contenders_) {
    auto const& target = contender.target;
    json::object one{{"id", contender.name},
                     {"base", target.id},
                     {"title", target.title},
                     {"strategy", target.strategy},
                     {"third_party", target.third_party},
                     {"version", contender.version},
                     {"options", contender.options},
                     {"text", read_toml_text(target.file)},
                     {"repetitions", contender.done}};
    if (!contender.counts.empty()) one["counts"] = results::to_json(contender.counts);
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace pushlab::driver

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "driver/build_info.hpp"
#include "driver/capacity_ceiling.hpp"
#include "driver/capacity_report.hpp"
#include "driver/commands.hpp"
#include "driver/input_error.hpp"
#include "driver/interrupt.hpp"
#include "driver/machine.hpp"
#include "driver/program_path.hpp"
#include "driver/result_writer.hpp"
#include "driver/target_process.hpp"
#include "driver/temporary_folder.hpp"
#include "results/scalability.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

constexpr double bracket = 1.05;
constexpr double longest_confirmation_s = 600;

struct CapacityFlags {
  std::string target;
  std::string slo;
  std::string vary = "rate";
  unsigned clients = 100;
  double rate = 10;
  double most = 1e6;
  unsigned payload_bytes = 200;
  std::vector<unsigned> threads;
  double measure_s = 10;
  double confirm_s = 0;  // 0: as long as the objective needs
  std::string out;
  bool as_json = false;
};

struct Search {
  CapacityQuestion question;
  CapacityCourse course;
  json::value ceiling{};  // null: nothing was found, or it polls
};

CapacityQuestion question_of(CapacityFlags const& flags) {
  CapacityQuestion question;
  question.slo = parse_slo(flags.slo);
  question.target = find_target_file(flags.target, scenarios_folder());
  auto const target = read_target(question.target);
  if (!target.start)
    throw InputError(
        fmt::format("{}: it has no [start], and every probe needs a fresh server: use pushlab load",
                    question.target.string()));
  if (auto const reason = why_not_installed(target); !reason.empty())
    throw InputError(fmt::format("{}: {}", target.id, reason));
  if (!flags.threads.empty() && !target.start->command.front().starts_with("pushlab-"))
    throw InputError(
        fmt::format("--threads: {} is not started with threads by pushlab: leave it "
                    "out",
                    target.id));
  question.vary_clients = flags.vary == "clients";
  question.clients = flags.clients;
  question.rate = flags.rate;
  question.payload_bytes = flags.payload_bytes;
  auto const start = question.vary_clients ? flags.clients : flags.rate;
  if (start > flags.most)
    throw InputError(
        fmt::format("--most {:g}: the search begins at {:g} {}: lower that or raise "
                    "--most",
                    flags.most, start, question.vary_clients ? "clients" : "events/s"));
  return question;
}

// Without --confirm as long as the figure's events take, within reason. Poisson arrivals may be a
// tenth fewer than planned.
double confirm_s(CapacityFlags const& flags, CapacityQuestion const& question, double load) {
  if (flags.confirm_s > 0) return flags.confirm_s;
  double const rate = question.vary_clients ? question.rate : load;
  double const needed_s = 1.1 * question.slo.events_wanted() / rate;
  return std::max(6 * flags.measure_s, std::min(needed_s, longest_confirmation_s));
}

CapacityCourse search(CapacityFlags const& flags, CapacityQuestion const& question,
                      fs::path const& logs) {
  CapacitySearch::Bounds const bounds{
      .start = question.vary_clients ? question.clients : question.rate,
      .most = flags.most,
      .bracket = bracket,
      .whole = question.vary_clients};
  CourseTimes const times{flags.measure_s,
                          [&](double load) { return confirm_s(flags, question, load); }};
  unsigned number = 0;
  return run_search(bounds, times, [&](double load, double measure_s) {
    return run_probe(question, load, measure_s, ++number, logs);
  });
}

void print(Search const& search) {
  auto const& [question, course, ceiling] = search;
  fmt::print("{}\n{}\n", probe_table(question, course), sentence(question, course));
  if (auto const text = capacity_ceiling_sentence(ceiling); !text.empty()) fmt::print("{}\n", text);
  fmt::print("\n");
  std::fflush(stdout);
}

// A count that the server refuses is known before the first search, not after it.
void try_threads(CapacityFlags const& flags, CapacityQuestion const& question) {
  for (auto const count : flags.threads) {
    auto target = read_target(question.target);
    for (auto const& word : {std::string("--threads"), std::to_string(count)})
      target.start->command.push_back(word);
    TemporaryFolder const folder;
    try {
      TargetProcess(target, {folder.path(), folder.path() / "server.log", {}, {}, {}}).stop();
    } catch (TargetError const& error) {
      throw InputError(fmt::format("--threads {}: {}", count, error.what()));
    }
  }
}

// One search for each thread count, or one of the target as it is. An interrupt ends them with what
// there is.
std::vector<Search> searches(CapacityFlags const& flags, fs::path const& logs) {
  auto question = question_of(flags);
  try_threads(flags, question);
  std::vector<std::optional<unsigned>> counts(flags.threads.begin(), flags.threads.end());
  if (counts.empty()) counts.emplace_back();
  std::vector<Search> done;
  for (auto const& count : counts) {
    question.threads = count;
    done.push_back({question, search(flags, question, logs)});
    auto& [asked, course, ceiling] = done.back();
    if (course.outcome() == CapacityCourse::Outcome::found)
      ceiling = capacity_ceiling(asked, course.confirmed, logs);
    if (!flags.as_json) print(done.back());
    if (interrupted()) break;
  }
  return done;
}

// Half of the bracket is how uncertain a capacity is. One that ended at --most is none.
results::Scalability scalability(std::vector<Search> const& searches) {
  std::vector<results::CapacityPoint> points;
  for (auto const& [question, course, ceiling] : searches) {
    if (!question.threads || course.outcome() != CapacityCourse::Outcome::found) continue;
    if (course.reached_most) continue;
    auto const width = course.fails.value_or(course.confirmed) - course.confirmed;
    points.push_back({static_cast<double>(*question.threads), course.confirmed,
                      std::max(width, (bracket - 1) * course.confirmed) / 2});
  }
  return results::Scalability(std::move(points));
}

json::object fit_json(CapacityFlags const& flags, std::vector<Search> const& searches) {
  double const largest = *std::ranges::max_element(flags.threads);
  return to_json(scalability(searches), std::vector<double>{2 * largest, 4 * largest, 8 * largest});
}

// Threads that share a core say little of what more cores would do.
std::string remark_on_cores(CapacityFlags const& flags, Cores const& cores) {
  if (flags.threads.empty() || cores.server.empty()) return "";
  auto const largest = *std::ranges::max_element(flags.threads);
  if (largest <= cores.server.size()) return "";
  return fmt::format(
      "The server had {} core{} of this machine: up to {} threads shared {}, so the capacities do "
      "not show what more cores would give.",
      cores.server.size(), cores.server.size() == 1 ? "" : "s", largest,
      cores.server.size() == 1 ? "it" : "them");
}

json::object result_of(Search const& search) {
  auto result = result_json(search.question, search.course);
  result["ceiling"] = search.ceiling;
  return result;
}

// The searches as one object; "result" is that of the highest capacity.
json::object capacity_json(CapacityFlags const& flags, std::vector<Search> const& searches,
                           json::object machine) {
  json::array probes, results;
  for (auto const& search : searches) {
    for (auto& probe : probes_json(search.question, search.course))
      probes.push_back(std::move(probe));
    results.push_back(result_of(search));
  }
  auto const best = std::ranges::max_element(
      searches, {}, [](Search const& search) { return search.course.confirmed; });
  auto const& question = searches.front().question;
  json::object load{{"vary", flags.vary}, {"payload_bytes", flags.payload_bytes}};
  if (question.vary_clients)
    load["rate"] = flags.rate;
  else
    load["clients"] = flags.clients;
  json::object object{
      {"schema", "pushlab.capacity/1"},
      {"pushlab", build_info()},
      {"target", question.target.stem().string()},
      {"slo",
       {{"text", question.slo.text()},
        {"metric", question.slo.metric},
        {"limit_ms", question.slo.limit_ms}}},
      {"load", std::move(load)},
      {"machine", std::move(machine)},
      {"probes", std::move(probes)},
      {"result", result_of(*best)},
      {"results", std::move(results)},
      {"fit", flags.threads.empty() ? json::value() : json::value(fit_json(flags, searches))}};
  if (auto const remark = remark_on_cores(flags, divide_cores()); !remark.empty())
    object["remark"] = remark;
  return object;
}

void print_fit(json::object const& object) {
  auto const* fit = object.at("fit").if_object();
  if (!fit) return;
  for (auto const* name : {"gamma", "alpha", "beta"}) {
    auto const* found = fit->if_contains(name);
    if (!found) continue;
    auto const end = [&](char const* key) { return found->at(key).to_number<double>(); };
    fmt::print("{:<6} {:.4g} ({:.4g} to {:.4g})\n", name, end("value"), end("lo"), end("hi"));
  }
  if (auto const& text = fit->at("sentence").as_string(); !text.empty())
    fmt::print("{}\n", text.c_str());
  if (auto const* remark = object.if_contains("remark"))
    fmt::print("{}\n", remark->as_string().c_str());
}

int exit_status_of(std::vector<Search> const& searches) {
  int status = 0;
  for (auto const& search : searches) {
    auto const outcome = search.course.outcome();
    if (outcome == CapacityCourse::Outcome::generator || outcome == CapacityCourse::Outcome::broken)
      return invalid_run;
    if (outcome != CapacityCourse::Outcome::found) status = fell_short;
  }
  return status;
}

int run(CapacityFlags const& flags) {
  TemporaryFolder const logs;
  MachineShares const shares;
  auto const done = searches(flags, logs.path());
  auto machine = machine_facts();
  auto const used = shares.now();
  machine["steal_share"] = used.steal;
  machine["other_cpu_share"] = used.other_cpu;
  auto const object = capacity_json(flags, done, std::move(machine));
  if (flags.as_json)
    fmt::print("{}\n", json::serialize(object));
  else
    print_fit(object);
  if (!flags.out.empty()) {
    auto const file = fs::path(flags.out) / "capacity.json";
    fs::create_directories(flags.out);
    write_result(object, file);
    if (!flags.as_json) fmt::print("{}\n", file.string());
  }
  if (!interrupted()) return exit_status_of(done);
  fmt::print(stderr, "pushlab: interrupted: the probes until then are what there is\n");
  return 128 + interrupt_signal();
}

}  // namespace

void add_capacity_command(CLI::App& app, int& exit_status) {
  auto* command = app.add_subcommand(
      "capacity", "Find the highest load at which a target still keeps an objective");
  auto flags = std::make_shared<CapacityFlags>();
  command->add_option("target", flags->target, "Target id or file (see pushlab list)")->required();
  command
      ->add_option("--slo", flags->slo,
                   "The objective: mean, p50, p90, p99, p99.9 or p99.99 of the latency <= a time; "
                   "a lost delivery always breaks it")
      ->required();
  command->add_option("--vary", flags->vary, "What is raised: rate or clients")
      ->check(CLI::IsMember({"rate", "clients"}))
      ->capture_default_str();
  command
      ->add_option("--clients", flags->clients,
                   "Clients; with --vary clients the search begins here")
      ->check(CLI::Range(1U, 1'000'000U))
      ->capture_default_str();
  command
      ->add_option("--rate", flags->rate,
                   "Events per second; with --vary rate the search begins here")
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str();
  command->add_option("--most", flags->most, "The search goes no higher")
      ->check(CLI::Range(1.0, 1e6))
      ->capture_default_str();
  command->add_option("--payload", flags->payload_bytes, "Bytes of a notification")
      ->check(CLI::Range(48U, 1'000'000U))
      ->capture_default_str();
  command
      ->add_option("--threads", flags->threads,
                   "One search for each of these thread counts of the server, and a curve: 1,2,4")
      ->check(CLI::Range(1U, 256U))
      ->allow_extra_args(false)  // else a target behind it is taken for a number
      ->delimiter(',');
  command->add_option("--measure", flags->measure_s, "Seconds that a probe measures")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  command
      ->add_option(
          "--confirm", flags->confirm_s,
          "Seconds of each of the three confirming probes (default: six times --measure; up to "
          "600 s where a rare percentile needs more events)")
      ->check(CLI::Range(0.1, 3600.0));
  command->add_option("--out", flags->out, "Folder that receives capacity.json");
  command->add_flag("--json", flags->as_json, "One JSON object instead of tables");
  command->footer(
      "Example: pushlab capacity sse --slo 'p99<=250ms' --clients 1000\n"
      "         pushlab capacity sse --slo 'p99.9<=1s' --vary clients --rate 10 --threads 1,2,4\n"
      "Exit status: 1 no load keeps the objective, 2 unusable input, 3 the load generator was the "
      "limit, or a probe could not be carried out; 128 and the signal's number when interrupted");
  command->callback([flags, &exit_status] { exit_status = run(*flags); });
}

}  // namespace pushlab::driver

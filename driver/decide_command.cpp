#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>

#include "driver/commands.hpp"
#include "driver/decide_weights.hpp"
#include "driver/input_error.hpp"
#include "driver/recorded_run.hpp"
#include "driver/result_writer.hpp"

namespace pushlab::driver {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

struct DecideFlags {
  std::string run;
  std::vector<std::string> weights;
  std::string out;
  bool as_json = false;
};

// A decision holds results that were summarised when it was made; it is judged again.
json::object read_run(std::string const& from) {
  auto run = read_result(from);
  is_decision(run) ? judge(run) : summarise(run);
  return run;
}

std::string command_of(DecideFlags const& flags) {
  auto text = "pushlab decide " + flags.run;
  if (!flags.weights.empty()) text += fmt::format(" --weights {}", fmt::join(flags.weights, ","));
  return text;
}

// Beside the result, unless --out says otherwise.
fs::path file_of(DecideFlags const& flags, fs::path const& folder) {
  return flags.out.empty() ? folder / "decision-record.md" : fs::path(flags.out);
}

void print(DecideFlags const& flags, json::object const& decision, json::object const* by_default,
           fs::path const& file) {
  if (flags.as_json)
    fmt::print("{}\n", json::serialize(decision));
  else
    fmt::print("{}{:<10} {}\n", decision_lines(decision, by_default), "record", file.string());
}

int run(DecideFlags const& flags) {
  auto const weights = read_weights(flags.weights);
  if (flags.as_json && flags.out == "-")
    throw InputError("decide: --json and --out - both want the output: give --out a file");
  auto const result = read_run(flags.run);
  auto const decision = decide(result, weights);
  if (decision.at("verdict") == "none") {
    fmt::print(stderr, "pushlab: {}: {} See pushlab report {}\n", flags.run,
               std::string_view(decision.at("sentence").as_string()), flags.run);
    return invalid_run;
  }
  json::object by_default;
  if (!weights.empty()) by_default = decide(result, {});
  auto const* other = weights.empty() ? nullptr : &by_default;
  fs::path const given = fs::absolute(flags.run);
  auto const folder = fs::is_directory(given) ? given : given.parent_path();
  auto const file = file_of(flags, folder);
  bool const to_output = flags.out == "-";
  auto const from = to_output ? folder : fs::absolute(file).parent_path();
  auto const record = decision_record(result, decision, other, {folder, from, command_of(flags)});
  if (to_output) {
    fmt::print("{}", record);
    return 0;
  }
  write_record(record, file);
  print(flags, decision, other, file);
  return 0;
}

}  // namespace

void add_decide_command(CLI::App& app, int& exit_status) {
  auto* command = app.add_subcommand(
      "decide", "Weigh what a run measured; write the decision that it supports as a record");
  auto flags = std::make_shared<DecideFlags>();
  command->add_option("run", flags->run, "Run folder or result.json")->required();
  command
      ->add_option("--weights", flags->weights,
                   fmt::format("What counts how much: freshness=3,cpu=0 (criteria: {}); the record "
                               "says what this changes",
                               fmt::join(criteria(), ", ")))
      ->allow_extra_args(false)  // else the run behind it is taken for a weight
      ->delimiter(',');
  command->add_option("--out", flags->out,
                      "The record, - for the output (default: decision-record.md in the run)");
  command->add_flag("--json", flags->as_json, "Print the decision as one JSON object");
  command->footer(
      "Example: pushlab decide results/20261121-023000-decision --weights freshness=1,cpu=3\n"
      "Exit status: 2 unusable input, 3 nothing was measured validly, or nothing that counts");
  command->callback(
      [flags, &exit_status] { with_recorded(flags->run, [&] { exit_status = run(*flags); }); });
}

}  // namespace pushlab::driver

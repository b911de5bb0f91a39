#include <fmt/format.h>

#include <fstream>

#include "driver/commands.hpp"
#include "driver/conform_matrix.hpp"
#include "driver/input_error.hpp"
#include "driver/interrupt.hpp"
#include "driver/status_line.hpp"
#include "tests/conformance/catalogue.hpp"
#include "tests/conformance/engine/reporters.hpp"

namespace pushlab::driver {
namespace {

std::vector<conformance::Case> selected(ConformFlags const& flags) {
  try {
    return conformance::select_cases(conformance::all_cases(), flags.groups, flags.cases);
  } catch (std::invalid_argument const& error) {
    throw InputError(error.what());
  }
}

void write_junit(std::string const& file, std::string const& report) {
  if (file.empty()) return;
  std::ofstream out(file);
  out << report;
  if (!out.flush()) throw InputError(fmt::format("{} cannot be written: give another file", file));
}

int conform(ConformFlags const& flags) {
  if (flags.matrix) return conform_matrix(flags);
  auto const cases = selected(flags);
  if (flags.list) {
    fmt::print("{}", flags.json ? conformance::rule_list_json(cases) : rule_list(cases));
    return 0;
  }
  if (flags.endpoint.empty())
    throw InputError("conform: there is no endpoint: give a URL, a target id or a target file");
  conformance::Endpoint endpoint(conform_endpoint(flags));
  conformance::Deadline::stop_when(interrupted);
  StatusLine status;
  conformance::RunPlan plan;
  plan.progress = [&status](std::size_t done, std::size_t total) {
    status.show(fmt::format("{} of {} rules checked", done, total));
  };
  auto const results = run_cases(cases, endpoint, plan);
  status.wipe();
  conformance::Tested const tested{endpoint.url().text(), endpoint.strategy()};
  fmt::print("{}", flags.json ? json_report(tested, results) : terminal_report(tested, results));
  write_junit(flags.junit, junit_report(tested, results));
  if (interrupted()) return 128 + interrupt_signal();
  return failed(results, flags.strict) ? fell_short : 0;
}

void add_flags(CLI::App& command, ConformFlags& flags) {
  command.add_option("endpoint", flags.endpoint,
                     "URL, target id or target file. {events} in a URL is filled with the names to "
                     "subscribe to; a target is started, and can then be published to and held");
  command.add_option("--publish", flags.publish,
                     "How to publish: URL to post notifications to ({name} is filled in), or a "
                     "target file with its ingest call");
  command
      .add_option("--name", flags.name,
                  "Name to publish under when the endpoint's URL has no {events}")
      ->capture_default_str();
  command
      .add_option("--strategy", flags.strategy,
                  "sse, websocket, long-poll or short-poll (default: what the URL answers)")
      ->check(
          CLI::IsMember(std::vector<std::string>{"sse", "websocket", "long-poll", "short-poll"}));
  command.add_option("-H,--header", flags.headers, "Header to send: 'Name: value'")
      ->allow_extra_args(false);
  command.add_option("--group", flags.groups, "Only rules whose id begins so: SSE-FRAME,HB")
      ->allow_extra_args(false)
      ->delimiter(',');
  command.add_option("--case", flags.cases, "Only these rules: SSE-RESP-01,HB-03")
      ->allow_extra_args(false)
      ->delimiter(',');
  command
      .add_option("--via", flags.via,
                  "Check through this proxy, started in between: nginx (tuned for push) or "
                  "nginx:default (as it comes); see scenarios/proxies")
      ->allow_extra_args(false)  // else an endpoint behind it is taken for a proxy
      ->delimiter(',');
  command
      .add_flag("--tls", flags.tls,
                "Check through an nginx in between that ends TLS and speaks HTTP/2, as browsers "
                "want it")
      ->excludes("--via");
  command.add_flag("--matrix", flags.matrix,
                   "Measure every installed proxy, as it comes and tuned, before the endpoint, or "
                   "before a plain stream; --via names some");
  command
      .add_option("--silence", flags.silence_s,
                  "With --matrix: also how long a silent connection lives, for so many seconds "
                  "(--slow alone: 930)")
      ->check(CLI::Range(1.0, 3600.0))
      ->needs("--matrix");
  command
      .add_option("--listen", flags.listen_s,
                  "Seconds that a quiet stream is listened to for heartbeats and its end (90); a "
                  "silence of 55 s breaks HB-01")
      ->check(CLI::Range(60.0, 3600.0))
      ->excludes("--matrix");
  command.add_option("--out", flags.out, "Folder for proxy-matrix.md, .json and .html");
  command
      .add_option(
          "--path", flags.path,
          "What lies between the endpoint and its clients: alb,cloudflare. HB-02 then judges "
          "by their idle timeouts")
      ->allow_extra_args(false)
      ->delimiter(',');
  command.add_flag("--strict", flags.strict, "Warnings and minor failures fail the run, too");
  command.add_flag("--slow", flags.slow, "Also the rules that take minutes");
  command.add_flag("--list", flags.list, "Print the rules and end");
  command.add_flag("--json", flags.json, "One JSON object instead of text");
  command.add_option("--junit", flags.junit, "Also write a JUnit file");
}

}  // namespace

void add_conform_command(CLI::App& app, int& exit_status) {
  auto* command =
      app.add_subcommand("conform", "Check any push endpoint against the rules, one by one");
  auto flags = std::make_shared<ConformFlags>();
  add_flags(*command, *flags);
  command->footer(
      "Example: pushlab conform 'http://127.0.0.1:8080/events?events={events}' --group SSE-RESP\n"
      "         pushlab conform sse --json\n"
      "         pushlab conform sse --via nginx --group PROXY\n"
      "         pushlab conform --matrix sse --out /tmp/matrix\n"
      "Exit status: 1 a critical or major rule is broken, 2 unusable input");
  command->callback([flags, &exit_status] { exit_status = conform(*flags); });
}

}  // namespace pushlab::driver

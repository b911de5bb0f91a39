#include <fmt/format.h>

#include "driver/commands.hpp"
#include "driver/http_stream.hpp"
#include "driver/tail_session.hpp"
#include "driver/target.hpp"

namespace pushlab::driver {
namespace {

struct TailFlags {
  std::string strategy;
  TailRequest request;
};

std::string strategy_of(TailFlags const& flags) {
  if (!flags.strategy.empty()) return flags.strategy;
  return flags.request.url.starts_with("ws") ? "websocket" : "sse";
}

int tail(TailFlags const& flags) {
  TailSession session(flags.request);
  auto const strategy = strategy_of(flags);
  try {
    if (strategy == "sse") tail_sse(session);
    if (strategy == "websocket") tail_websocket(session);
    if (strategy == "long-poll") tail_long_poll(session);
    if (strategy == "short-poll") tail_short_poll(session);
  } catch (TailError const& error) {
    fmt::print(stderr, "pushlab: {}\n", error.what());
    return fell_short;
  }
  bool const wanted_a_count = flags.request.count != TailRequest{}.count;
  return wanted_a_count && !session.counted_all() ? fell_short : 0;
}

}  // namespace

void add_tail_command(CLI::App& app, int& exit_status) {
  auto* command = app.add_subcommand("tail", "Follow any push endpoint: one JSON line per event");
  auto flags = std::make_shared<TailFlags>();
  auto& request = flags->request;
  command->add_option("url", request.url, "http, https, ws or wss")->required();
  command
      ->add_option("--strategy", flags->strategy,
                   "sse, websocket, long-poll or short-poll (default: by the URL's scheme, sse "
                   "for http)")
      ->check(
          CLI::IsMember(std::vector<std::string>{"sse", "websocket", "long-poll", "short-poll"}));
  command->add_option("--last-event-id", request.last_event_id, "Resume after this event");
  command->add_option("--for", request.for_s, "Stop after so many seconds");
  command->add_option("--count", request.count, "Stop after so many events");
  command->add_option("--poll-interval", request.poll_interval_s, "Seconds between short polls")
      ->capture_default_str();
  command->add_option("--wait", request.wait_s, "Seconds that a long poll may be held")
      ->capture_default_str();
  command->add_flag("--once", request.once, "One connection or poll: do not reconnect");
  command->add_flag("--verbose", request.verbose,
                    "Also lines {\"reconnect\":..} and {\"retry_ms\":..}");
  command->add_option("-H,--header", request.headers, "Header to send: 'Name: value'")
      ->allow_extra_args(false);
  command->footer(
      "Example: pushlab tail 'http://127.0.0.1:8080/events?events=t0' --count 3\n"
      "Exit status: 1 the endpoint cannot be followed, or fewer than --count events came");
  command->callback([flags, &exit_status] { exit_status = tail(*flags); });
}

}  // namespace pushlab::driver

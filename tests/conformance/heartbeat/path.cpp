#include <fmt/format.h>

#include "tests/conformance/engine/verdicts.hpp"
#include "tests/conformance/heartbeat/intermediaries.hpp"
#include "tests/conformance/heartbeat/sections.hpp"
#include "tests/conformance/heartbeat/silence.hpp"

namespace pushlab::conformance {
namespace {

void judge(Intermediary const& one, Strategy strategy, double silence_s, Verdicts& verdicts) {
  auto const limit_s = one.limit_s(strategy);
  auto const seen = fmt::format("{:.1f} s, and {} cuts after {} s", silence_s, one.id, limit_s);
  if (one.ends_whatever_is_sent(strategy))
    verdicts.soft(fmt::format("{} cuts after {} s, whatever is sent", one.id, limit_s));
  else if (silence_s >= limit_s)
    verdicts.bad(seen);
  else if (silence_s >= limit_s / 2)
    verdicts.soft(seen);
  else
    verdicts.good();
}

Finding survives_its_path(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().heartbeat;
  auto const silence_s = quiet_silence(endpoint).longest_s / settings.path_second_s;
  auto const strategy = endpoint.strategy();
  auto const paths =
      fmt::format("silence of {:.1f} s {}", silence_s, survived_paths(strategy, silence_s));
  if (settings.path.empty()) return info(paths);
  Verdicts verdicts;
  for (auto const& id : settings.path) {
    if (auto const* one = find_intermediary(id)) judge(*one, strategy, silence_s, verdicts);
  }
  return with_news(verdicts.finding("silence shorter than half of every idle timeout on the path",
                                    "intermediaries on the path; " + paths));
}

}  // namespace

std::vector<Case> path_cases() {
  return {
      {{"HB-02",
        "heartbeats are more frequent than twice in any idle timeout on the path",
        "documents of the intermediaries",
        Level::url,
        Severity::major,
        {Strategy::sse, Strategy::websocket}},
       survives_its_path,
       {.limit_s = 120}},
  };
}

}  // namespace pushlab::conformance

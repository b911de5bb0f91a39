#include <fmt/format.h>

#include <array>
#include <future>

#include "tests/conformance/engine/endpoint.hpp"
#include "tests/conformance/proxy/probe/gone.hpp"
#include "tests/conformance/proxy/probe/requests.hpp"
#include "tests/conformance/proxy/probe/upgrade.hpp"
#include "tests/conformance/proxy/sections.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::array endings{Ending::fin, Ending::rst};

std::string name_of(Ending how) {
  return how == Ending::fin ? "FIN" : "RST";
}

// Both endings side by side: `leave` measures, `judge` has the verdict of one.
template <class Leave, class Judge>
Finding both_endings(Endpoint& endpoint, std::string const& expected, Leave const& leave,
                     Judge const& judge) {
  auto& via = endpoint.via();
  std::vector<std::future<Gone>> found;
  for (auto const how : endings)
    found.push_back(std::async(std::launch::async, leave, std::ref(*via.origin), via.front, how,
                               endpoint.settings()));
  Finding finding = pass();
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto const gone = found[i].get();
    if (!gone.reached) return skip("a request through the proxy does not reach the origin");
    finding.verdict = worse_of(finding.verdict, judge(gone));
    finding.seen += fmt::format("{}{}: {}{}", i == 0 ? "" : "; ", name_of(endings[i]),
                                gone.after_s ? "after " + duration(*gone.after_s) : "never told",
                                gone.after_s && gone.by_write ? ", by a write" : "");
  }
  if (finding.verdict != Verdict::pass) finding.expected = expected;
  return finding;
}

Finding upgrade_passes(Endpoint& endpoint) {
  auto& via = endpoint.via();
  auto const upgrade = try_upgrade(*via.origin, via.front, endpoint.answer_deadline());
  if (upgrade.passed()) return pass(upgrade.answer);
  auto const seen = [&]() -> std::string {
    if (!upgrade.reached) return upgrade.answer + ", the origin saw no handshake";
    if (!upgrade.right_accept)
      return upgrade.answer + ", without the origin's Sec-WebSocket-Accept";
    if (upgrade.offered != extension_offer)
      return "the origin was offered the extensions " + quoted(upgrade.offered);
    if (upgrade.agreed != extension_answer)
      return "the answer's extensions came back as " + quoted(upgrade.agreed);
    return "frames that were sent back came changed or not at all";
  }();
  return fail("101, the extensions as negotiated and frames unchanged", seen);
}

Finding idle_client_is_missed(Endpoint& endpoint) {
  auto const limit_s = endpoint.settings().proxy.told_idle_s;
  return both_endings(endpoint, "the origin told within " + duration(limit_s), leave_idle,
                      [](Gone const& gone) { return gone.verdict_idle(); });
}

Finding busy_client_is_missed(Endpoint& endpoint) {
  auto const limit_s = endpoint.settings().proxy.told_busy_s;
  return both_endings(
      endpoint, "the origin told within " + duration(limit_s), leave_busy,
      [&](Gone const& gone) { return gone.verdict_busy(endpoint.settings().proxy); });
}

Finding idle_limit(Endpoint& endpoint) {
  auto& via = endpoint.via();
  auto const kind = endpoint.strategy() == Strategy::sse         ? Silence::stream
                    : endpoint.strategy() == Strategy::websocket ? Silence::socket
                                                                 : Silence::poll;
  auto const idle = stay_idle(*via.origin, via.front, kind, endpoint.settings());
  if (!idle.began) return skip("the upgrade does not pass: see PROXY-06");
  if (!idle.ended) return info("no limit within " + duration(endpoint.settings().proxy.idle_s));
  return info(fmt::format("after {}: {}", duration(idle.after_s), idle.how));
}

Finding stalled_client_is_felt(Endpoint& endpoint) {
  auto& via = endpoint.via();
  auto const limit = endpoint.settings().proxy.stall_pass;
  auto const stalled = stall(*via.origin, via.front, endpoint.settings());
  if (!stalled.reached) return skip("a request through the proxy does not reach the origin");
  auto const seen = fmt::format("{:.1f} MiB taken for a client that reads nothing",
                                static_cast<double>(stalled.bytes) / (1024 * 1024));
  if (stalled.bytes <= limit) return pass(seen);
  return warn(fmt::format("at most {} MiB: beyond, a slow reader is nothing the origin could know",
                          limit / (1024 * 1024)),
              seen);
}

Finding death_is_visible(Endpoint& endpoint) {
  auto& via = endpoint.via();
  std::string hidden;
  for (auto const how : endings) {
    auto const death = die(*via.origin, via.front, how, endpoint.settings());
    if (!death.visible)
      hidden += fmt::format("{}on {}: {}", hidden.empty() ? "" : "; ", name_of(how), death.end);
  }
  if (hidden.empty()) return pass();
  return warn("no orderly end when the origin dies in an event", hidden);
}

}  // namespace

std::vector<Case> proxy_connection_cases() {
  std::vector<Strategy> const http{Strategy::sse, Strategy::long_poll};
  std::vector<Strategy> const held{Strategy::sse, Strategy::long_poll, Strategy::websocket};
  return {
      {{"PROXY-06",
        "a WebSocket upgrade passes, with its extensions and frames",
        "6455 4.1",
        Level::url,
        Severity::major,
        {Strategy::websocket}},
       upgrade_passes},
      {{"PROXY-07", "the origin is told at once that an idle client has gone", "catalogue F",
        Level::url, Severity::major, http},
       idle_client_is_missed,
       {.limit_s = 60}},
      {{"PROXY-08", "the origin is told that a busy client has gone", "catalogue F", Level::url,
        Severity::major, http},
       busy_client_is_missed,
       {.limit_s = 60}},
      {{"PROXY-09", "how long a silent connection lives", "catalogue D", Level::url,
        Severity::major, held},
       idle_limit,
       {.limit_s = 1000, .slow = true}},
      {{"PROXY-10",
        "the origin feels a client that does not read",
        "catalogue F",
        Level::url,
        Severity::major,
        {Strategy::sse}},
       stalled_client_is_felt,
       {.limit_s = 60, .alone = true}},
      {{"PROXY-11",
        "an origin that dies in an event is no orderly end",
        "9112 8",
        Level::url,
        Severity::minor,
        {Strategy::sse}},
       death_is_visible,
       {.limit_s = 60}},
  };
}

}  // namespace pushlab::conformance

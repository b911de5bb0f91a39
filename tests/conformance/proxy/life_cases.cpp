#include <fmt/format.h>

#include <vector>

#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/proxy/probe/flow.hpp"
#include "tests/conformance/proxy/sections.hpp"
#include "tests/conformance/proxy/via.hpp"

namespace pushlab::conformance {
namespace {

std::string end_of(Body const& body) {
  switch (body.end) {
    case Body::End::open:
      return "still open";
    case Body::End::complete:
      return "ended in order";
    case Body::End::reset:
      return "reset";
    default:
      return "cut";
  }
}

Finding proxy_ends(Endpoint& endpoint) {
  auto const& process = endpoint.via().process;
  if (!process) return skip("needs a hold on the proxy: --via");
  auto const first = first_answer(endpoint, endpoint.url());
  if (!first.came) return skip("no stream through the proxy: see PROXY-01");
  auto stream = open_stream(endpoint, endpoint.url());
  stream.listen(endpoint.settings().still_open_s);
  auto const asked = Clock::now();
  process->terminate();
  stream.listen(endpoint.settings().answer_s);
  auto const& body = stream.body();
  auto const after_s =
      seconds_between(asked, body.end == Body::End::open ? Clock::now() : body.ended_at);
  std::string how = "it has not ended";
  process->ended_within(endpoint.settings().answer_s, how);
  process->restart();
  return info(fmt::format("on SIGTERM to the proxy the stream is {} after {}; the proxy: {}",
                          end_of(body), duration(after_s), how));
}

Finding streams_at_once(Endpoint& endpoint) {
  endpoint.via();
  int const most = endpoint.settings().proxy.capacity;
  auto const patience_s = endpoint.settings().response.bodiless_end_s;
  std::vector<Exchange> open;
  std::string refusal;
  while (refusal.empty() && static_cast<int>(open.size()) < most) {
    try {
      Exchange stream(endpoint.url(), endpoint.request(), Deadline::in(patience_s));
      if (stream.head().status == 200)
        open.push_back(std::move(stream));
      else
        refusal = stream.head().status_line();
    } catch (WireError const& error) {
      refusal = error.what();
    }
  }
  if (refusal.empty()) return info(fmt::format("{} streams at once, and no end seen", most));
  if (open.empty()) return skip("not even one stream: see PROXY-01");
  return info(fmt::format("{} streams at once; then: {}", open.size(), refusal));
}

Finding absent_origin(Endpoint& endpoint) {
  endpoint.via();
  auto& origin = endpoint.process();
  origin.kill();
  std::string how;
  if (!origin.ended_within(endpoint.settings().answer_s, how))
    return skip("the endpoint's process could not be stopped");
  auto const answer = first_answer(endpoint, endpoint.url());
  origin.restart();
  if (!answer.came) return pass(answer.answer);
  return warn("no answer rather than an error: EventSource gives up for good on any status but 200",
              answer.answer);
}

}  // namespace

std::vector<Case> proxy_life_cases() {
  return {
      {{"PROXY-17", "what a stream sees when the proxy is stopped", "catalogue F", Level::url,
        Severity::minor},
       proxy_ends,
       {.limit_s = 60, .alone = true}},
      {{"PROXY-18", "how many streams the proxy takes", "catalogue F", Level::url, Severity::minor},
       streams_at_once,
       {.limit_s = 60, .alone = true}},
      {{"PROXY-19", "no error reaches EventSource while the origin restarts", "HTML 9.2.3",
        Level::process, Severity::major},
       absent_origin,
       {.limit_s = 60, .alone = true}},
  };
}

}  // namespace pushlab::conformance

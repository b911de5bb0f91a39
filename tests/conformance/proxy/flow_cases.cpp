#include <fmt/format.h>

#include "tests/conformance/proxy/probe/flow.hpp"
#include "tests/conformance/proxy/sections.hpp"

namespace pushlab::conformance {
namespace {

// Measured once a run: small, small and coded, large, large and coded (WebSocket: small, large).
std::shared_ptr<std::vector<Flow> const> flows(Endpoint& endpoint) {
  endpoint.via();
  return endpoint.once<std::vector<Flow>>("flow through the proxy",
                                          [&] { return measure_flow(endpoint); });
}

std::string title(Flow const& flow) {
  return fmt::format("events of {} B{}{}", flow.size, flow.coded ? " with Accept-Encoding" : "",
                     flow.coding.empty() ? "" : ", coded as " + flow.coding);
}

std::string delays(Flow const& flow) {
  if (flow.delays_s.empty())
    return fmt::format("{}: none of {} arrived ({})", title(flow), flow.missing, flow.answer);
  auto text = fmt::format("{}: median {}, most {}", title(flow), duration(flow.median_s()),
                          duration(flow.most_s()));
  if (flow.missing > 0) text += fmt::format(", {} did not arrive", flow.missing);
  return text;
}

Finding judge(std::vector<Flow const*> const& all, Settings::Proxy const& limits) {
  auto verdict = Verdict::pass;
  std::string seen;
  for (auto const* flow : all) {
    verdict = worse_of(verdict, flow->verdict(limits));
    seen += (seen.empty() ? "" : "; ") + delays(*flow);
  }
  auto const expected =
      fmt::format("at most {} added to each event", duration(limits.delay_pass_s));
  return verdict == Verdict::pass ? pass(seen) : Finding{verdict, expected, seen};
}

Finding head_comes_first(Endpoint& endpoint) {
  auto const limit_s = endpoint.settings().proxy.head_warn_s;
  auto const past = first_answer(endpoint, past_proxy(endpoint, "quiet"));
  if (!past.came || past.after_s > limit_s)
    return skip("past the proxy, too, the head does not come before the first event");
  auto const through = first_answer(endpoint, endpoint.url());
  if (!through.came)
    return fail("the head of the answer on a stream without events",
                fmt::format("{}, in {}", through.answer, duration(through.after_s)));
  auto const seen = fmt::format("{} after {}", through.answer, duration(through.after_s));
  return through.after_s <= limit_s ? pass(seen)
                                    : warn("the head within " + duration(limit_s), seen);
}

Finding adds_little_delay(Endpoint& endpoint) {
  auto const all = flows(endpoint);
  return judge({&all->front()}, endpoint.settings().proxy);
}

Finding does_not_batch(Endpoint& endpoint) {
  auto const all = flows(endpoint);
  auto const& small = all->front();
  if (small.delays_s.size() < 2) return skip("no two events arrived: see PROXY-02");
  auto const seen =
      fmt::format("{} of {} events in one arrival", small.most_at_once, small.delays_s.size());
  if (small.most_at_once < 2) return pass("each event in an arrival of its own");
  return fail("each event in an arrival of its own", seen);
}

Finding whatever_size_and_coding(Endpoint& endpoint) {
  auto const all = flows(endpoint);
  std::vector<Flow const*> rest;
  for (std::size_t i = 1; i < all->size(); ++i) rest.push_back(&(*all)[i]);
  return judge(rest, endpoint.settings().proxy);
}

Finding last_is_not_held_back(Endpoint& endpoint) {
  auto const all = flows(endpoint);
  std::string late;
  bool any = false;
  for (auto const& flow : *all) {
    any = any || !flow.delays_s.empty();
    if (flow.delays_s.empty() ||
        (flow.last_came && flow.last_s <= endpoint.settings().proxy.delay_warn_s))
      continue;
    late += fmt::format("{}{}: {}", late.empty() ? "" : "; ", title(flow),
                        flow.last_came ? "after " + duration(flow.last_s) : "not in the pause");
  }
  if (!any) return skip("no event arrived at all: see PROXY-02");
  return late.empty() ? pass() : fail("the last event before a pause, at once", late);
}

}  // namespace

std::vector<Case> proxy_flow_cases() {
  std::vector<Strategy> const streams{Strategy::sse, Strategy::websocket};
  Needs const alone{.limit_s = 60, .alone = true};
  return {
      {{"PROXY-01", "the head reaches the client before the first event", "HTML 9.2.3"},
       head_comes_first},
      {{"PROXY-02", "hardly any delay is added to an event", "catalogue F", Level::publish,
        Severity::critical, streams},
       adds_little_delay,
       alone},
      {{"PROXY-03", "events are not batched", "catalogue F", Level::publish, Severity::critical,
        streams},
       does_not_batch,
       alone},
      {{"PROXY-04", "the same with large events and with Accept-Encoding", "caddy#6293",
        Level::publish, Severity::critical, streams},
       whatever_size_and_coding,
       alone},
      {{"PROXY-05", "the last event before a pause does not wait for the next one", "haproxy gzip",
        Level::publish, Severity::major, streams},
       last_is_not_held_back,
       alone},
  };
}

}  // namespace pushlab::conformance

#include <fmt/format.h>

#include "tests/conformance/compression/codings.hpp"
#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/engine/stream_pool.hpp"
#include "tests/conformance/heartbeat/sections.hpp"

namespace pushlab::conformance {
namespace {

// A plain stream beside them tells when a heartbeat is due.
Finding coders_let_heartbeats_pass(Endpoint& endpoint) {
  auto const codings = used_codings(endpoint);
  if (codings.empty()) return skip("the endpoint codes no streams");
  StreamPool pool;
  for (auto const& coding : codings)
    pool.add(
        open_stream(endpoint, endpoint.url(), endpoint.request().with("Accept-Encoding", coding)));
  pool.add(open_stream(endpoint, endpoint.url()));
  pool.listen(Deadline::in(endpoint.settings().still_open_s));
  std::vector<std::size_t> greeted;
  for (auto const& stream : pool.streams()) greeted.push_back(stream.sse().size);
  auto const beaten = [&](std::size_t i) { return pool.streams()[i].sse().size > greeted[i]; };
  auto const& plain = codings.size();
  auto const period_s = endpoint.settings().heartbeat.beat_s;
  if (!pool.listen(Deadline::in(period_s), [&] { return beaten(plain); }))
    return skip("no heartbeat came: see HB-01");
  pool.listen(Deadline::in(endpoint.settings().delivery_s));
  std::string withheld;
  for (std::size_t i = 0; i < codings.size(); ++i) {
    if (!beaten(i)) withheld += (withheld.empty() ? "" : ", ") + codings[i];
  }
  if (withheld.empty()) return pass(fmt::format("{} codings", codings.size()));
  return fail("heartbeats that can be read when a plain stream has them", "none in " + withheld);
}

}  // namespace

std::vector<Case> heartbeat_coding_cases() {
  return {
      {{"HB-04", "a heartbeat passes a coder at once", "HTML 9.2.7", Level::url, Severity::major},
       coders_let_heartbeats_pass,
       {.limit_s = 120}},
  };
}

}  // namespace pushlab::conformance

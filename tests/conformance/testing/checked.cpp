#include "tests/conformance/testing/checked.hpp"

#include <stdexcept>

#include "tests/conformance/catalogue.hpp"
#include "tests/conformance/engine/runner.hpp"

namespace pushlab::conformance::testing {

Settings fast_settings() {
  Settings settings;
  settings.answer_s = 1;
  settings.capture_s = 0.2;
  settings.delivery_s = 1;
  settings.still_open_s = 0.1;
  settings.response.head_pass_s = 0.15;
  settings.response.head_warn_s = 0.4;
  settings.response.bodiless_end_s = 0.3;
  settings.response.heads = 3;
  settings.response.overload_streams = 8;
  settings.listen_s = 0.4;
  settings.slow = true;
  settings.framing.emoji_bytes = 4096;
  settings.framing.load_s = 0.05;
  settings.framing.big_bytes = {1000, 20'000, 200'000};
  settings.heartbeat.dead_pass_s = 0.2;
  settings.heartbeat.dead_warn_s = 0.2;
  settings.heartbeat.probe_s = 1.3;
  auto& reconnect = settings.reconnect;
  reconnect.signal_s = 0.3;
  reconnect.cuts = 8;
  reconnect.cut_events_per_s = 2000;
  reconnect.full_events_per_s = 2000;
  reconnect.flood_events = 20;
  reconnect.flood_bytes = 4000;
  reconnect.retry_connections = 5;
  reconnect.mass = 8;
  reconnect.drain_load_s = 0.1;
  reconnect.drain_s = 1;
  reconnect.watchers = 4;
  reconnect.delayed_events = 5;
  reconnect.stalled = 2;
  reconnect.stall_event_bytes = 20'000;
  reconnect.stall_bytes = 400'000;
  reconnect.comings = 20;
  reconnect.freed_s = 0.5;
  reconnect.filtered_events = 5;
  return settings;
}

Endpoint::Given given(ScriptedServer const& server) {
  Endpoint::Given given;
  given.url = server.url();
  given.settings = fast_settings();
  return given;
}

Endpoint::Given given(ScriptedServer const& server, ScriptedHub& hub) {
  auto with_hub = given(server);
  with_hub.url = server.url("/stream?events={events}");
  with_hub.publisher = {std::shared_ptr<void>(), &hub};  // owned by the test
  return with_hub;
}

Finding checked(std::string const& id, Endpoint& endpoint) {
  auto const cases = select_cases(all_cases(), {}, {id});
  auto const result = run_case(cases.front(), endpoint);
  if (result.broke_off) throw std::runtime_error(id + " broke off: " + result.finding.reason());
  return result.finding;
}

Finding checked(std::string const& id, Endpoint::Given given) {
  Endpoint endpoint(std::move(given));
  return checked(id, endpoint);
}

Finding checked(std::string const& id, ScriptedServer::Talk talk) {
  ScriptedServer const server(std::move(talk));
  return checked(id, given(server));
}

}  // namespace pushlab::conformance::testing

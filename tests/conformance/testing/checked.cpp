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
  settings.framing = {.emoji_bytes = 4096, .load_s = 0.05, .big_bytes = {1000, 20'000, 200'000}};
  settings.heartbeat = {.silence_pass_s = 0.15,
                        .silence_fail_s = 0.3,
                        .beat_s = 0.5,
                        .crowd = 12,
                        .crowd_opening_s = 0.2,
                        .poll_pass_s = 0.3,
                        .poll_warn_s = 0.6,
                        .poll_listen_s = 1,
                        .dead_pass_s = 0.2,
                        .dead_warn_s = 0.2,
                        .probe_s = 1.3};
  settings.reconnect = {.signal_s = 0.3,
                        .cuts = 8,
                        .cut_events_per_s = 2000,
                        .full_events_per_s = 2000,
                        .flood_events = 20,
                        .flood_bytes = 4000,
                        .retry_connections = 5,
                        .mass = 8,
                        .drain_load_s = 0.1,
                        .drain_s = 1,
                        .watchers = 4,
                        .delayed_events = 5,
                        .stalled = 2,
                        .stall_event_bytes = 20'000,
                        .stall_bytes = 400'000,
                        .comings = 20,
                        .freed_s = 0.5,
                        .filtered_events = 5};
  settings.websocket = {.refusal_s = 0.5,
                        .drain_s = 1,
                        .deaf_s = 0.2,
                        .deaf_most_s = 0.8,
                        .oversize_bytes = 200'000,
                        .flood_frames = 20'000,
                        .flood_pieces = 2'000,
                        .flood_s = 4,
                        .writers = 2,
                        .writes = 4,
                        .write_bytes = 66'000,
                        .stalled = 2,
                        .stalled_events = 12,
                        .stalled_bytes = 2'000,
                        .stalled_slack_s = 0.04};
  settings.polling = {.prime_s = 0.2,
                      .idle_s = 1,
                      .wait_s = 0.3,
                      .slack_s = 0.15,
                      .cap_s = 1,
                      .freed_s = 0.2,
                      .herd = 8,
                      .late_events = 8,
                      .late_bytes = 100};
  settings.compression = {.late_s = 0.15,
                          .pause_s = 0.3,
                          .heartbeat_s = 0.4,
                          .connections = 4,
                          .bomb_mib = 2,
                          .bomb_growth_bytes = 1 << 20};
  settings.proxy.settle_s = 0.15;
  settings.proxy.events = 3;
  settings.proxy.event_gap_s = 0.1;
  settings.proxy.pause_s = 0.5;
  settings.proxy.head_warn_s = 0.3;
  settings.proxy.delay_pass_s = 0.1;
  settings.proxy.delay_warn_s = 0.25;
  settings.proxy.told_idle_s = 0.2;
  settings.proxy.told_busy_s = 0.35;
  settings.proxy.untold_s = 0.7;
  settings.proxy.stall_s = 1;
  settings.proxy.stall_most = 24 * 1024 * 1024;
  settings.proxy.idle_s = 0.5;
  settings.proxy.silent_s = 0.4;
  settings.proxy.streams = 5;
  settings.proxy.capacity = 6;
  settings.limit = {.streams = 20, .window = 1024, .patience_s = 10, .blocked_s = 0.7};
  settings.slow = true;
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

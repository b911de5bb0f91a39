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
  settings.limit = {.streams = 20, .window = 1024, .patience_s = 10, .blocked_s = 0.7};
  settings.slow = true;
  settings.framing.emoji_bytes = 4096;
  settings.framing.load_s = 0.05;
  settings.framing.big_bytes = {1000, 20'000, 200'000};
  settings.reconnect.drain_load_s = 0.1;
  settings.reconnect.drain_s = 1;
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

#include "tests/conformance/websocket/trials.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

namespace pushlab::conformance {
namespace {

constexpr std::size_t side_by_side = 16;
constexpr unsigned cut = 1006;
std::string const sign_of_life = "still there?";

// What is sent behind what was refused may meet a closed connection.
void send_all(WebSocketPeer& peer, Trial const& trial, Deadline const& deadline) {
  try {
    peer.send(trial.bytes, deadline);
    if (trial.codes.empty()) peer.send({.opcode = Opcode::ping, .payload = sign_of_life}, deadline);
  } catch (WireError const&) {
  }
}

void look_for_life(WebSocketPeer& peer, Trial const& trial, Deadline const& deadline,
                   Verdicts& verdicts) {
  bool const alive = peer.read(
      deadline, [](WebSocketLog const& log) { return log.find_pong(sign_of_life) != nullptr; });
  if (alive) return verdicts.good();
  verdicts.bad(fmt::format("{}: no pong afterwards, {}", trial.what, peer.ending()));
}

void look_for_refusal(WebSocketPeer& peer, Trial const& trial, unsigned also,
                      Deadline const& deadline, Verdicts& verdicts) {
  peer.read(deadline, [](WebSocketLog const& log) { return log.close() != nullptr; });
  auto const code = peer.close_code();
  if (!code && peer.ended_by() == Arrival::Kind::nothing)
    return verdicts.bad(trial.what + ": accepted, the connection stays open");
  bool const fits =
      code && std::find(trial.codes.begin(), trial.codes.end(), *code) != trial.codes.end();
  if (fits || (trial.message && also != 0 && code.value_or(cut) == also)) return verdicts.good();
  verdicts.soft(fmt::format("{}: {}", trial.what, peer.ending()));
}

void run_batch(Endpoint& endpoint, std::span<Trial const> trials, Request const& request,
               unsigned also, Verdicts& verdicts) {
  std::vector<WebSocketPeer> peers;
  for (auto const& trial : trials) {
    peers.push_back(open_websocket(endpoint, endpoint.url(), request));
    send_all(peers.back(), trial, endpoint.answer_deadline());
  }
  auto const deadline = Deadline::in(endpoint.settings().websocket.refusal_s);
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (trials[i].codes.empty())
      look_for_life(peers[i], trials[i], deadline, verdicts);
    else
      look_for_refusal(peers[i], trials[i], also, deadline, verdicts);
  }
}

// "1002", or "1002 or 1009", of those that must be refused.
std::string codes_of(std::vector<Trial> const& trials) {
  std::vector<unsigned> codes;
  for (auto const& trial : trials)
    codes.insert(codes.end(), trial.codes.begin(), trial.codes.end());
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return fmt::format("{}", fmt::join(codes, " or "));
}

std::string expectation(std::vector<Trial> const& trials) {
  bool const some_good = std::any_of(trials.begin(), trials.end(),
                                     [](Trial const& trial) { return trial.codes.empty(); });
  auto const codes = codes_of(trials);
  if (codes.empty()) return "all of it accepted, and a ping behind it answered";
  return "close code " + codes + (some_good ? " for what is wrong, none for what is right" : "");
}

}  // namespace

std::optional<unsigned> message_refusal(Endpoint& endpoint) {
  return *endpoint.once<std::optional<unsigned>>("message refusal", [&endpoint] {
    auto peer = open_websocket(endpoint);
    send_all(peer, {"", WebSocketFrame{.payload = "hello"}.bytes()}, endpoint.answer_deadline());
    peer.read(Deadline::in(endpoint.settings().websocket.refusal_s), [](WebSocketLog const& log) {
      return log.close() != nullptr || log.find_pong(sign_of_life) != nullptr;
    });
    bool const closed = peer.close_code() || peer.ended_by() != Arrival::Kind::nothing;
    return closed ? std::optional(peer.close_code().value_or(cut)) : std::nullopt;
  });
}

Finding judge(Endpoint& endpoint, std::vector<Trial> const& trials, Request const& request) {
  bool const has_messages =
      std::any_of(trials.begin(), trials.end(), [](Trial const& trial) { return trial.message; });
  // The code that refuses every message; 0: messages are taken.
  auto const also = has_messages ? message_refusal(endpoint).value_or(0) : 0U;
  std::vector<Trial> possible;
  for (auto const& trial : trials) {
    if (also == 0 || !trial.message || !trial.codes.empty()) possible.push_back(trial);
  }
  if (possible.empty())
    return skip(fmt::format("the endpoint takes no messages: it refuses them with {}", also));
  Verdicts verdicts;
  for (std::size_t at = 0; at < possible.size(); at += side_by_side)
    run_batch(endpoint,
              std::span(possible).subspan(at, std::min(side_by_side, possible.size() - at)),
              request, also, verdicts);
  return verdicts.finding(expectation(possible), "forms tried");
}

Finding judge(Endpoint& endpoint, std::vector<Trial> const& trials) {
  return judge(endpoint, trials, upgrade_request(endpoint));
}

}  // namespace pushlab::conformance

#include <fmt/format.h>

#include "tests/conformance/compression/extension.hpp"
#include "tests/conformance/compression/sections.hpp"
#include "tests/conformance/engine/verdicts.hpp"

namespace pushlab::conformance {
namespace {

constexpr auto field = "Sec-WebSocket-Extensions";

// Legal offers and what came for each.
struct Offered {
  std::string offers;
  Head head;
  std::string answer() const { return head.value(field); }
};

std::vector<Offered> ask_all(Endpoint& endpoint) {
  std::vector<Offered> all;
  for (auto const* offers :
       {"", "permessage-deflate", "permessage-deflate; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=10",
        "permessage-deflate; server_max_window_bits=9",
        "permessage-deflate; server_max_window_bits=\"10\"",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate",
        "x-pushlab-unknown; a=b, permessage-deflate"}) {
    WebSocketPeer const peer(endpoint.url(), deflate_request(endpoint, offers),
                             endpoint.answer_deadline());
    all.push_back({offers, peer.head()});
  }
  return all;
}

std::vector<Offered> asked_once(Endpoint& endpoint) {
  return *endpoint.once<std::vector<Offered>>("deflate offers",
                                              [&endpoint] { return ask_all(endpoint); });
}

Finding answers_offers_legally(Endpoint& endpoint) {
  Verdicts verdicts;
  bool accepted = false;
  for (auto const& one : asked_once(endpoint)) {
    accepted = accepted || agreement_in(one.head).deflate;
    auto const wrong =
        one.head.status == 101 ? illegal(one.offers, one.answer()) : one.head.status_line();
    wrong.empty()
        ? verdicts.good()
        : verdicts.bad(fmt::format("\"{}\": {}, {}", one.offers, quoted(one.answer()), wrong));
  }
  auto finding = verdicts.finding("an answer that takes up one of the offers, or none", "offers");
  if (finding.verdict == Verdict::pass && !accepted)
    return skip("the endpoint declines permessage-deflate");
  return finding;
}

Finding declines_invalid_offers(Endpoint& endpoint) {
  Verdicts verdicts;
  for (auto const* parameters :
       {"server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=08",
        "server_max_window_bits=\"\"", "server_max_window_bits", "server_no_context_takeover=1",
        "server_no_context_takeover; server_no_context_takeover", "client_max_window_bits=7",
        "foo=1"}) {
    auto const bad_offer = fmt::format("permessage-deflate; {}", parameters);
    for (auto const* fallback : {"", ", permessage-deflate"}) {
      auto const offers = bad_offer + fallback;
      WebSocketPeer const peer(endpoint.url(), deflate_request(endpoint, offers),
                               endpoint.answer_deadline());
      auto const answer = peer.head().value(field);
      // The invalid offer must be as if it had not been made.
      auto const valid = std::string_view(fallback).substr(
          std::min<std::size_t>(2, std::string_view(fallback).size()));
      auto const wrong = peer.is_open() ? illegal(valid, answer) : peer.head().status_line();
      wrong.empty() ? verdicts.good()
                    : verdicts.bad(fmt::format("\"{}\": {}, {}", offers, quoted(answer), wrong));
    }
  }
  return verdicts.finding("101, the invalid offer passed over", "lists of offers");
}

Finding leaves_the_clients_window(Endpoint& endpoint) {
  std::size_t accepted = 0;
  for (auto const& one : asked_once(endpoint)) {
    if (one.offers.find("client_max_window_bits") != std::string::npos) continue;
    accepted += agreement_in(one.head).deflate ? 1 : 0;
    for (auto const& extension : parse_extensions(one.answer()))
      if (extension.has("client_max_window_bits"))
        return fail(fmt::format("no client_max_window_bits for \"{}\"", one.offers),
                    quoted(one.answer()));
  }
  if (accepted == 0) return skip("the endpoint declines permessage-deflate");
  return pass(fmt::format("{} answers", accepted));
}

}  // namespace

std::vector<Case> compression_offer_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"COMP-12",
        "permessage-deflate answers an offer, with parameters that fit it",
        "RFC 7692 5.1, 7.1",
        url,
        major,
        {Strategy::websocket}},
       answers_offers_legally},
      {{"COMP-13",
        "an offer with wrong parameters is passed over, not the connection refused",
        "RFC 7692 5.1, 7.1.2",
        url,
        major,
        {Strategy::websocket}},
       declines_invalid_offers},
      {{"COMP-14",
        "the client's window is limited only where the client offers it",
        "RFC 7692 7.1.2.2",
        url,
        major,
        {Strategy::websocket}},
       leaves_the_clients_window},
  };
}

}  // namespace pushlab::conformance

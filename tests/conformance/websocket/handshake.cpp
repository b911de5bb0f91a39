#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/websocket/sections.hpp"
#include "tests/conformance/websocket/trials.hpp"
#include "tests/conformance/wire/h2_connection.hpp"

namespace pushlab::conformance {
namespace {

// What came for a request that may be refused in any way, or not be answered at all.
struct Reply {
  std::optional<Head> head;
  std::string text;  // the status line, or why there is none
  bool silent = false;

  bool opened() const { return head && head->status == 101; }
  int status() const { return head ? head->status : 0; }
};

Reply ask(Endpoint& endpoint, Request const& request) {
  try {
    WebSocketPeer const peer(endpoint.url(), request, endpoint.answer_deadline());
    return {peer.head(), peer.head().status_line()};
  } catch (WireError const& error) {
    return {{}, error.what(), error.kind == WireError::Kind::silent};
  }
}

Request altered(Endpoint const& endpoint, std::string_view name, std::string const& value) {
  auto request = upgrade_request(endpoint);
  request.without(name);
  if (!value.empty()) request.with(std::string(name), value);
  return request;
}

bool has_member(Head const& head, std::string_view name, std::string_view member) {
  auto const members = head.members(name);
  return std::any_of(members.begin(), members.end(),
                     [member](auto const& one) { return same_text(one, member); });
}

// What is wrong with the answer to a faultless handshake; empty: nothing.
std::string fault(Head const& head, std::string_view key) {
  if (head.status != 101) return head.status_line();
  if (head.version != "HTTP/1.1") return head.status_line();
  if (head.count("Upgrade") != 1 || !same_text(head.value("Upgrade"), "websocket"))
    return "Upgrade: " + quoted(head.value("Upgrade"));
  if (!has_member(head, "Connection", "upgrade"))
    return "Connection: " + quoted(head.value("Connection"));
  if (head.count("Sec-WebSocket-Accept") != 1 ||
      head.value("Sec-WebSocket-Accept") != websocket_accept(key))
    return fmt::format("{} Sec-WebSocket-Accept, the first {} for the key {}",
                       head.count("Sec-WebSocket-Accept"),
                       quoted(head.value("Sec-WebSocket-Accept")), key);
  if (head.has("Sec-WebSocket-Extensions"))
    return "Sec-WebSocket-Extensions, and none was offered: " +
           quoted(head.value("Sec-WebSocket-Extensions"));
  return head.complaints.empty() ? std::string() : head.complaints.front().text;
}

Finding opens(Endpoint& endpoint) {
  struct Form {
    char const* upgrade;
    char const* connection;
  };
  for (auto const& [upgrade, connection] :
       {Form{"websocket", "Upgrade"}, Form{"WebSocket", "keep-alive, upgrade"}}) {
    auto const key = websocket_key();
    auto request = altered(endpoint, "Sec-WebSocket-Key", key);
    request.without("Upgrade").with("Upgrade", upgrade);
    request.without("Connection").with("Connection", connection);
    WebSocketPeer const peer(endpoint.url(), request, endpoint.answer_deadline());
    if (auto const wrong = fault(peer.head(), key); !wrong.empty())
      return fail(fmt::format("101 with Upgrade, Connection and the right Sec-WebSocket-Accept for "
                              "\"Upgrade: {}\", \"Connection: {}\"",
                              upgrade, connection),
                  wrong);
  }
  return pass();
}

Finding refuses_other_versions(Endpoint& endpoint) {
  Verdicts verdicts;
  for (auto const* version : {"8", "14", ""}) {
    auto const reply = ask(endpoint, altered(endpoint, "Sec-WebSocket-Version", version));
    auto const what = fmt::format("{}: {}", *version ? version : "no version", reply.text);
    // The drafts up to 8 may be supported beside 13.
    bool const older = reply.opened() && std::string_view(version) == "8";
    if ((reply.opened() && !older) || reply.silent)
      verdicts.bad(what);
    else if (older)
      verdicts.soft(what);
    else if (reply.status() / 100 == 4 && has_member(*reply.head, "Sec-WebSocket-Version", "13"))
      verdicts.good();
    else
      verdicts.soft(what + ", Sec-WebSocket-Version: " +
                    quoted(reply.head ? reply.head->value("Sec-WebSocket-Version") : ""));
  }
  return verdicts.finding("426 or 400 with Sec-WebSocket-Version: 13", "versions refused");
}

Finding refuses_malformed_handshakes(Endpoint& endpoint) {
  struct Form {
    char const* what;
    Request request;
  };
  auto const twice =
      upgrade_request(endpoint).with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
  auto post = upgrade_request(endpoint).as("POST").with("Content-Length", "0");
  auto old = upgrade_request(endpoint);
  old.version = "HTTP/1.0";
  Verdicts verdicts;
  for (auto const& [what, request] :
       {Form{"no key", altered(endpoint, "Sec-WebSocket-Key", "")},
        Form{"a key of 5 bytes", altered(endpoint, "Sec-WebSocket-Key", "c2hvcnQ=")},
        Form{"two keys", twice}, Form{"POST", post}, Form{"HTTP/1.0", old},
        Form{"no Connection: upgrade", altered(endpoint, "Connection", "keep-alive")},
        Form{"no Upgrade", altered(endpoint, "Upgrade", "")}}) {
    auto const reply = ask(endpoint, request);
    auto const what_came = fmt::format("{}: {}", what, reply.text);
    bool const is_error =
        reply.status() / 100 == 4 || reply.status() == 501 || reply.status() == 505;
    if (reply.opened() || reply.silent)
      verdicts.bad(what_came);
    else if (is_error || reply.status() / 100 == 2)  // a page or a stream for plain requests
      verdicts.good();
    else
      verdicts.soft(what_came);
  }
  return verdicts.finding("4xx", "malformed requests refused");
}

Finding chooses_an_offered_protocol(Endpoint& endpoint) {
  constexpr auto field = "Sec-WebSocket-Protocol";
  for (auto const* offered : {"", "x-pushlab-unknown", "x-pushlab-a, x-pushlab-b"}) {
    auto const reply = ask(endpoint, altered(endpoint, field, offered));
    if (!reply.opened() || !reply.head->has(field)) continue;
    auto const chosen = reply.head->values(field);
    auto const offers = split_list(offered, ',');
    if (chosen.size() == 1 && std::find(offers.begin(), offers.end(), chosen[0]) != offers.end())
      continue;
    return fail(fmt::format("one of \"{}\" or none", offered), quoted(chosen.front()));
  }
  return pass();
}

Finding refuses_foreign_origins(Endpoint& endpoint) {
  auto request = upgrade_request(endpoint);
  auto const has_cookie = [](Field const& field) { return same_text(field.name, "Cookie"); };
  if (std::none_of(request.fields.begin(), request.fields.end(), has_cookie))
    request.with("Cookie", "session=pushlab-conform");
  auto const own = (endpoint.url().tls() ? "https://" : "http://") + endpoint.url().authority();
  auto request_from = [&](std::string const& origin) {
    return ask(endpoint, Request(request).without("Origin").with("Origin", origin));
  };
  auto const foreign = request_from("https://attacker.example");
  if (foreign.opened())
    return warn("a refusal, unless cookies mean nothing here",
                "101 for Origin: https://attacker.example with a cookie");
  auto const native = request_from(own);
  if (!native.opened())
    return skip(fmt::format("the made-up cookie is refused from {}, too: {}: give a good one by -H",
                            own, native.text));
  return pass(foreign.text);
}

Finding opens_over_http2(Endpoint& endpoint) {
  auto const deadline = endpoint.answer_deadline();
  std::unique_ptr<H2Connection> connection;
  try {
    connection = std::make_unique<H2Connection>(endpoint.url(), deadline);
  } catch (WireError const& error) {
    return skip(std::string("no HTTP/2 here: ") + error.what());
  }
  if (!connection->extended_connect())
    return skip("HTTP/2, but extended CONNECT is not advertised");
  auto const request = endpoint.request().as("CONNECT").with("Sec-WebSocket-Version", "13");
  auto const id = connection->request(endpoint.url(), request, deadline, "websocket");
  try {
    auto const& stream = connection->await_head(id, deadline);
    auto const seen = fmt::format(":status {}", stream.status);
    bool const open = stream.status == 200 && stream.end == H2Stream::End::open;
    return open ? pass(seen) : fail(":status 200 and an open stream", seen);
  } catch (WireError const& error) {
    return fail(":status 200 for an extended CONNECT, which is advertised", error.what());
  }
}

Finding keeps_what_is_pipelined(Endpoint& endpoint) {
  WebSocketFrame const ping{.opcode = Opcode::ping, .payload = "pipelined"};
  auto peer =
      open_websocket(endpoint, endpoint.url(), upgrade_request(endpoint), {ping.bytes(), {}});
  auto const has_pong = [&](WebSocketLog const& log) { return log.find_pong(ping.payload); };
  if (peer.read(endpoint.answer_deadline(), has_pong)) return pass();
  return fail("a pong for the ping in the request's segment", peer.ending());
}

}  // namespace

std::vector<Case> websocket_handshake_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"WS-01", "the handshake is answered by the letter", "RFC 6455 4.2.2", url, critical},
       opens},
      {{"WS-02", "other versions than 13 are refused, and 13 is named", "RFC 6455 4.4", url, major},
       refuses_other_versions},
      {{"WS-03", "a malformed handshake is refused", "RFC 6455 4.2.1", url, major},
       refuses_malformed_handshakes,
       {.limit_s = 60}},
      {{"WS-04", "the subprotocol is one of those offered, or none", "RFC 6455 4.2.2", url, major},
       chooses_an_offered_protocol},
      {{"WS-05", "foreign origins with cookies are refused", "RFC 6455 10.2", url, critical},
       refuses_foreign_origins},
      {{"WS-18", "over HTTP/2 extended CONNECT works where it is advertised", "RFC 8441 3, 4", url,
        minor},
       opens_over_http2},
      {{"WS-19", "a frame in the segment of the request is not lost", "RFC 6455 4.1", url, minor},
       keeps_what_is_pipelined},
  };
}

}  // namespace pushlab::conformance

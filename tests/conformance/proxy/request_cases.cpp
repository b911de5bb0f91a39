#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/engine/endpoint.hpp"
#include "tests/conformance/proxy/probe/flow.hpp"
#include "tests/conformance/proxy/probe/multiplex.hpp"
#include "tests/conformance/proxy/probe/requests.hpp"
#include "tests/conformance/proxy/sections.hpp"
#include "tests/conformance/proxy/via.hpp"
#include "tests/conformance/wire/exchange.hpp"

namespace pushlab::conformance {
namespace {

void add(std::string& list, std::string const& item) {
  list += (list.empty() ? "" : "; ") + item;
}

std::string own_cache_control(Endpoint& endpoint) {
  Exchange const exchange(past_proxy(endpoint, "quiet"), endpoint.request(),
                          endpoint.answer_deadline());
  return exchange.head().value("Cache-Control");
}

Finding streams_are_not_shared(Endpoint& endpoint) {
  auto& via = endpoint.via();
  auto const own = own_cache_control(endpoint);
  std::vector<std::string> values{"", "no-cache", "max-age=60", "no-store"};
  std::erase(values, own);
  values.insert(values.begin(), own);
  std::string others;
  for (auto const& value : values) {
    auto const sharing = ask_twice(*via.origin, via.front, value, endpoint.settings());
    if (sharing == Sharing::own) continue;
    auto const seen = fmt::format(
        "{}: {}", value.empty() ? "without Cache-Control" : "with Cache-Control: " + value,
        sharing == Sharing::shared ? "the second client got the first one's stream"
                                   : "the second client's request was held back");
    if (value == own) return fail("a request to the origin for each client", seen);
    add(others, seen);
  }
  if (others.empty()) return pass();
  return warn("a request to the origin for each client, whatever Cache-Control says", others);
}

Finding requests_arrive_unchanged(Endpoint& endpoint) {
  auto& via = endpoint.via();
  std::string seen;
  for (auto const& change : changes(*via.origin, via.front, endpoint.settings()))
    add(seen, change.text());
  return seen.empty() ? pass() : fail("the request as the client sent it", seen);
}

// What is wrong with the answer to a client of HTTP/1.0; empty: nothing, or no answer to judge.
std::string http_1_0_fault(Endpoint& endpoint, Url const& url) {
  auto request = endpoint.request();
  request.version = "HTTP/1.0";
  try {
    Exchange const exchange(url, request, endpoint.answer_deadline());
    auto const coding = exchange.head().value("Transfer-Encoding");
    return coding.empty() ? "" : "Transfer-Encoding: " + coding + " for a client of HTTP/1.0";
  } catch (WireError const& error) {
    return error.kind == WireError::Kind::silent ? "" : std::string("HTTP/1.0: ") + error.what();
  }
}

std::string head_fault(Endpoint& endpoint, Url const& url) {
  auto const limit_s = endpoint.settings().response.bodiless_end_s;
  try {
    Exchange exchange(url, endpoint.request().as("HEAD"), Deadline::in(limit_s));
    auto const extra = exchange.connection().receive(Deadline::in(0.1 * limit_s));
    return extra.bytes.empty() ? "" : "HEAD was answered with a body: " + quoted(extra.bytes);
  } catch (WireError const& error) {
    return fmt::format("HEAD: {}", error.what());
  }
}

Finding old_clients_and_head(Endpoint& endpoint) {
  endpoint.via();
  auto const past = past_proxy(endpoint, "quiet");
  std::string seen;
  for (auto const fault : {http_1_0_fault, head_fault}) {
    if (!fault(endpoint, past).empty()) continue;  // the endpoint's own: SSE-RESP-18, 23
    if (auto const through = fault(endpoint, endpoint.url()); !through.empty()) add(seen, through);
  }
  if (seen.empty()) return pass();
  return fail("HTTP/1.0 without Transfer-Encoding, and HEAD without a body, as past the proxy",
              seen);
}

Finding silent_request_is_sent_once(Endpoint& endpoint) {
  auto& via = endpoint.via();
  auto const repeats = stay_silent(*via.origin, via.front, endpoint.settings());
  if (repeats.requests == 0) return skip("a request through the proxy does not reach the origin");
  auto const seen =
      fmt::format("{} requests at the origin in {} of silence; the client got: {}",
                  repeats.requests, duration(endpoint.settings().proxy.silent_s), repeats.answer);
  return repeats.requests == 1 ? pass() : fail("one", seen);
}

Finding streams_share_a_connection(Endpoint& endpoint) {
  auto& via = endpoint.via();
  if (!via.h2_front) return skip("the proxy speaks no HTTP/2 here");
  auto const found = multiplex(*via.origin, *via.h2_front, endpoint.settings());
  auto const seen = fmt::format(
      "{} of {} streams began; {} of the other {} went on after one was cancelled, of which the "
      "origin was told {}{}",
      found.began, found.asked, found.went_on, std::max(0, found.asked - 1),
      found.told_s ? "after " + duration(*found.told_s) : "at the next write or never",
      found.error.empty() ? "" : "; " + found.error);
  if (found.began == found.asked && found.went_on == found.asked - 1) return pass(seen);
  return fail("all streams of one connection, and a cancel that ends none but its own", seen);
}

}  // namespace

std::vector<Case> proxy_request_cases() {
  std::vector<Strategy> const http{Strategy::sse, Strategy::long_poll, Strategy::short_poll};
  std::vector<Strategy> const all{Strategy::sse, Strategy::long_poll, Strategy::short_poll,
                                  Strategy::websocket};
  return {
      {{"PROXY-12",
        "each client has a request of its own at the origin",
        "9111 4",
        Level::url,
        Severity::critical,
        {Strategy::sse}},
       streams_are_not_shared,
       {.limit_s = 60}},
      {{"PROXY-13", "credentials, cursor, Accept and query reach the origin unchanged", "9110 7.6",
        Level::url, Severity::major, all},
       requests_arrive_unchanged},
      {{"PROXY-14", "HTTP/1.0 and HEAD are answered as past the proxy", "9112 6.1, 9110 9.3.2",
        Level::url, Severity::minor},
       old_clients_and_head},
      {{"PROXY-15", "a GET without an answer is not sent again", "9110 9.2.2", Level::url,
        Severity::major, http},
       silent_request_is_sent_once,
       {.limit_s = 90}},
      {{"PROXY-16", "many streams share an HTTP/2 connection, and one cancel ends one", "9113 5.4",
        Level::url, Severity::major},
       streams_share_a_connection,
       {.limit_s = 60}},
  };
}

}  // namespace pushlab::conformance

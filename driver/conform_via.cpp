#include "driver/conform_via.hpp"

#include <fmt/format.h>

#include <array>

#include "driver/input_error.hpp"
#include "driver/target_hold.hpp"
#include "tests/conformance/proxy/via.hpp"
#include "tests/conformance/wire/exchange.hpp"

namespace pushlab::driver {
namespace {

using conformance::Endpoint;
using conformance::Origin;
using conformance::Url;
using conformance::Via;

// The lines of a stream's head that are the endpoint's own and not the connection's.
std::vector<std::string> stream_head(Endpoint::Given const& given) {
  std::vector<std::string> lines{"Content-Type: text/event-stream"};
  if (given.url.empty() || given.strategy != conformance::Strategy::sse) return lines;
  constexpr std::array others{"Connection", "Content-Length", "Date",
                              "Keep-Alive", "Set-Cookie",     "Transfer-Encoding"};
  Endpoint const endpoint(given);
  try {
    conformance::Exchange const exchange(endpoint.url(), endpoint.request(),
                                         endpoint.answer_deadline());
    lines.clear();
    for (auto const& [name, value] : exchange.head().fields) {
      if (std::none_of(others.begin(), others.end(),
                       [&](auto const* other) { return conformance::same_text(name, other); }))
        lines.push_back(name + ": " + value);
    }
  } catch (conformance::WireError const&) {
    // An endpoint that does not answer is what the checker will say itself.
  }
  return lines;
}

std::string authority_of(std::string const& url) {
  auto const parsed = Url::parse(url);
  if (parsed.tls())
    throw InputError(
        fmt::format("{}: proxies reach their origin in plain HTTP: give an http:// URL", url));
  return parsed.host + ":" + parsed.port;
}

std::string target_of(std::string const& url) {
  auto const begin = url.find('/', url.find("://") + 3);
  return begin == std::string::npos ? "/" : url.substr(begin);
}

std::shared_ptr<TargetHold> start(Proxy const& proxy, std::string const& origin) {
  return std::make_shared<TargetHold>(before_origin(proxy, origin), TargetHold::Rights::few);
}

std::string filled(std::string const& address, TargetHold const& hold) {
  auto const bare = [](std::string const& base) { return base.substr(base.find("://") + 3); };
  return expand(address, {{"client_listen", bare(hold.client_base())},
                          {"ingest_listen", bare(hold.ingest_base())}});
}

void use_origin(Endpoint::Given& given, std::shared_ptr<Via> via, std::string const& base) {
  given.url = base + std::string(Origin::events_target);
  given.strategy = conformance::Strategy::sse;
  given.publisher = via->origin;
  via->process = via->before_origin;
}

}  // namespace

void put_between(Proxy const& proxy, Endpoint::Given& given) {
  auto via = std::make_shared<Via>();
  via->name = proxy.name();
  via->origin = std::make_shared<Origin>(stream_head(given));
  auto const hold = start(proxy, fmt::format("127.0.0.1:{}", via->origin->port()));
  via->before_origin = hold;
  via->front = Url::parse(filled(proxy.front, *hold));
  if (!proxy.h2.empty()) via->h2_front = Url::parse(filled(proxy.h2, *hold));
  via->direct = given.url.empty() ? via->origin->url(Origin::events_target) : given.url;
  if (given.url.empty()) {
    use_origin(given, via, filled(proxy.front, *hold));
  } else {
    auto const before = start(proxy, authority_of(given.url));
    given.url = filled(proxy.front, *before) + target_of(given.url);
    via->process = before;
  }
  given.via = std::move(via);
}

void put_nothing_between(Endpoint::Given& given) {
  auto via = std::make_shared<Via>();
  via->name = "direct";
  via->origin = std::make_shared<Origin>(stream_head(given));
  via->front = Url::parse(via->origin->url("/"));
  via->direct = given.url.empty() ? via->origin->url(Origin::events_target) : given.url;
  if (given.url.empty()) use_origin(given, via, via->origin->url(""));
  given.via = std::move(via);
}

}  // namespace pushlab::driver

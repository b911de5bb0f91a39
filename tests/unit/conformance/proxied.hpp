#pragma once

#include <memory>
#include <string>

#include "tests/conformance/proxy/via.hpp"
#include "tests/conformance/testing/checked.hpp"
#include "tests/conformance/testing/scripted_proxy.hpp"

namespace pushlab::conformance::testing {

// The checker's origin as the endpoint, and a scripted proxy before it.
class Proxied {
 public:
  explicit Proxied(ScriptedProxy::Choose choose, Strategy strategy = Strategy::sse)
      : origin_(std::make_shared<Origin>(std::vector<std::string>{"Content-Type: text/event-stream",
                                                                  "Cache-Control: no-store"})),
        proxy_(origin_->port(), std::move(choose)) {
    origin_->begin();
    given.url = proxy_.url(Origin::events_target);
    given.strategy = strategy;
    given.settings = fast_settings();
    given.publisher = origin_;
    given.via = std::make_shared<Via>();
    given.via->name = "scripted";
    given.via->direct = origin_->url(Origin::events_target);
    given.via->origin = origin_;
    given.via->front = Url::parse(proxy_.url());
  }

  Finding check(std::string const& id) const { return checked(id, given); }

  ScriptedProxy& proxy() { return proxy_; }

  Endpoint::Given given;

 private:
  std::shared_ptr<Origin> origin_;
  ScriptedProxy proxy_;
};

inline Proxied through(ProxyFaults faults = {}, Strategy strategy = Strategy::sse) {
  return Proxied([faults](Asked const&) { return faults; }, strategy);
}

}  // namespace pushlab::conformance::testing

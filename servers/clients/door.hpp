#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "servers/auth/authenticator.hpp"
#include "servers/clients/cors.hpp"
#include "servers/http/response.hpp"
#include "servers/hub/viewer.hpp"
#include "servers/net/counters.hpp"

namespace pushlab::server {

// A request that was let in: who looks at what, and what the answer has to say to a browser.
struct Admission {
  Viewer viewer;
  Identity identity;
  HeaderFields cors;
};

// What becomes of a request before its strategy sees it: an answer, or its admission.
using Decision = std::variant<Response, Admission>;

struct DoorOptions {
  std::string path;  // the strategy's own; /snapshot and /ticket are everybody's
  std::string cookie;
  std::size_t max_subscriptions = max_subscribed_names;
  bool asks_for_credentials = false;
  bool is_websocket = false;
};

// What all strategies decide alike on the clients' listener: paths, methods, CORS, who it is, and
// what that one may see. One a loop.
class Door {
 public:
  Door(DoorOptions options, CorsPolicy cors, AccessRules const& rules, Authenticator& authenticator,
       Counters& counters);

  bool asks_for_credentials() const { return options_.asks_for_credentials; }

  // The decision, when nobody has to be asked for it.
  std::optional<Decision> at_once(Request const& request) const;

  // The decision in any case; `done` is called once, in bounded time, perhaps before this returns.
  void ask(std::shared_ptr<Request const> request, std::function<void(Decision)> done);

  // An answer of this server, with what CORS wants in it.
  Response dressed(Response response, Request const& request) const;

 private:
  std::optional<Response> refuse_early(Request const& request) const;
  Decision decide(Request const& request, AuthVerdict verdict) const;
  Decision decide(Request const& request, Identity identity) const;
  Response ticket_answer(TicketVerdict const& verdict) const;
  Response refused(AuthRefusal const& refusal) const;
  std::optional<Response> forbidden(Viewer const& viewer) const;
  bool is_foreign_page(Request const& request) const;

  DoorOptions options_;
  CorsPolicy cors_;
  AccessRules const& rules_;
  Authenticator& authenticator_;
  Counters& counters_;
};

// An unguessable name for one connection; what `origin` in a notification refers to.
std::string new_connection_id();

}  // namespace pushlab::server

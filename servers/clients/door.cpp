#include "servers/clients/door.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <random>

#include "servers/clients/asked_for.hpp"

namespace pushlab::server {
namespace {

constexpr std::string_view snapshot_path = "/snapshot", ticket_path = "/ticket";

}  // namespace

std::string new_connection_id() {
  thread_local std::random_device entropy;
  return fmt::format("{:08x}{:08x}{:08x}", entropy(), entropy(), entropy());
}

Door::Door(DoorOptions options, CorsPolicy cors, AccessRules const& rules,
           Authenticator& authenticator, Counters& counters)
    : options_(std::move(options)),
      cors_(std::move(cors)),
      rules_(rules),
      authenticator_(authenticator),
      counters_(counters) {}

Response Door::dressed(Response response, Request const& request) const {
  auto fields = cors_.fields(request);
  std::move(fields.begin(), fields.end(), std::back_inserter(response.fields));
  return response;
}

std::optional<Decision> Door::at_once(Request const& request) const {
  if (auto response = refuse_early(request)) return std::move(*response);
  auto const is_ticket = request.target.path == ticket_path;
  if (options_.asks_for_credentials || is_ticket) return std::nullopt;
  return decide(request, Identity{});
}

void Door::ask(std::shared_ptr<Request const> request, std::function<void(Decision)> done) {
  if (auto decision = at_once(*request)) return done(std::move(*decision));
  auto const credential = credential_of(*request, options_.cookie);
  if (request->target.path == ticket_path)
    return authenticator_.issue_ticket(
        credential, [this, request, done = std::move(done)](TicketVerdict const& verdict) {
          done(dressed(ticket_answer(verdict), *request));
        });
  authenticator_.identify(credential, [this, request, done = std::move(done)](AuthVerdict verdict) {
    done(decide(*request, std::move(verdict)));
  });
}

std::optional<Response> Door::refuse_early(Request const& request) const {
  auto const& path = request.target.path;
  auto const is_ticket = path == ticket_path;
  if (path != options_.path && path != snapshot_path && !is_ticket)
    return dressed(problem(404, fmt::format("There is nothing here; this server has {}, {} and {}.",
                                            options_.path, snapshot_path, ticket_path)),
                   request);
  if (request.method == "OPTIONS") return cors_.options_answer(request, is_ticket);
  if (is_ticket) {
    if (request.method == "POST") return std::nullopt;
    return dressed(method_not_allowed("POST, OPTIONS"), request);
  }
  if (request.method != "GET" && !request.is_head())
    return dressed(method_not_allowed("GET, HEAD, OPTIONS"), request);
  return std::nullopt;
}

Decision Door::decide(Request const& request, AuthVerdict verdict) const {
  if (auto const* refusal = std::get_if<AuthRefusal>(&verdict))
    return dressed(refused(*refusal), request);
  if (is_foreign_page(request))
    return dressed(refused({403, "Pages of this origin may not use the session of their user."}),
                   request);
  return decide(request, std::get<Identity>(std::move(verdict)));
}

Decision Door::decide(Request const& request, Identity identity) const {
  auto asked = asked_for(request.target, options_.max_subscriptions);
  if (asked.refusal) return dressed(std::move(*asked.refusal), request);
  Viewer viewer{
      std::move(asked.subscription), {!identity.is_anonymous(), identity.roles}, identity.user};
  if (auto refusal = forbidden(viewer)) return dressed(std::move(*refusal), request);
  return Admission{std::move(viewer), std::move(identity), cors_.fields(request)};
}

// The browser sends the cookie from any page; a key or a ticket only its owner can send.
bool Door::is_foreign_page(Request const& request) const {
  return options_.is_websocket && request.target.path == options_.path &&
         credential_of(request, options_.cookie).kind == Credential::Kind::session &&
         !cors_.trusts_page_of(request);
}

// By name, so that the client's author sees which one.
std::optional<Response> Door::forbidden(Viewer const& viewer) const {
  auto const& [names, all] = viewer.subscription;
  auto const is_stranger = options_.asks_for_credentials && !viewer.audience.authenticated;
  if (is_stranger && (names.empty() && !all))
    return refused({401, "Without a subscription to public names a credential is needed."});
  if (is_stranger && all && !rules_.any_for_everybody())
    return refused({401, "Nothing is public here: a credential is needed."});
  for (auto const& name : names) {
    if (rules_.allows(viewer.audience, name)) continue;
    if (is_stranger)
      return refused({401, fmt::format("\"{}\" is not public: a credential is needed.", name)});
    return refused({403, fmt::format("You may not subscribe to \"{}\".", name)});
  }
  return std::nullopt;
}

Response Door::ticket_answer(TicketVerdict const& verdict) const {
  if (auto const* refusal = std::get_if<AuthRefusal>(&verdict)) return refused(*refusal);
  auto const& ticket = std::get<Ticket>(verdict);
  boost::json::object const body{{"ticket", ticket.text}, {"expires_in_s", ticket.expires_in_s}};
  return {200, "application/json", boost::json::serialize(body) + "\n"};
}

Response Door::refused(AuthRefusal const& refusal) const {
  counters_.refused.add(refusal.status);
  auto response = problem(refusal.status, refusal.detail);
  if (refusal.status == 401) response.fields.emplace_back("WWW-Authenticate", "Bearer");
  if (refusal.retry_after_s > 0)
    response.fields.emplace_back("Retry-After", std::to_string(refusal.retry_after_s));
  return response;
}

}  // namespace pushlab::server

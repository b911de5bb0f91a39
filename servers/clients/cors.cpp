#include "servers/clients/cors.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>

namespace pushlab::server {

CorsPolicy::CorsPolicy(std::vector<std::string> origins)
    : origins_(std::move(origins)), any_(origins_ == std::vector<std::string>{"*"}) {}

bool CorsPolicy::allows(std::string_view origin) const {
  return std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

HeaderFields CorsPolicy::fields(Request const& request) const {
  if (origins_.empty()) return {};
  if (any_) return {{"Access-Control-Allow-Origin", "*"}};
  HeaderFields fields{{"Vary", "Origin"}};
  auto const origin = request.field("Origin");
  if (origin.empty() || !allows(origin)) return fields;
  fields.emplace_back("Access-Control-Allow-Origin", origin);
  fields.emplace_back("Access-Control-Allow-Credentials", "true");
  fields.emplace_back("Access-Control-Expose-Headers", "ETag, Retry-After");
  return fields;
}

Response CorsPolicy::options_answer(Request const& request, bool may_post) const {
  std::string const methods = may_post ? "POST, OPTIONS" : "GET, HEAD, OPTIONS";
  Response response{204, {}, {}, {{"Allow", methods}}};
  auto const granted = fields(request);
  response.fields.insert(response.fields.end(), granted.begin(), granted.end());
  if (granted.size() > 1 || any_) {
    response.fields.emplace_back("Access-Control-Allow-Methods", methods);
    response.fields.emplace_back("Access-Control-Allow-Headers",
                                 "Authorization, Content-Type, Last-Event-ID, X-API-Key");
    response.fields.emplace_back("Access-Control-Max-Age", "7200");
  }
  return response;
}

bool CorsPolicy::trusts_page_of(Request const& handshake) const {
  auto const origin = handshake.field("Origin");
  if (origin.empty()) return true;  // no browser
  auto const host = handshake.field("Host");
  auto const scheme_end = origin.find("://");
  if (scheme_end != std::string_view::npos) {
    auto const page = origin.substr(scheme_end + 3);
    if (boost::beast::iequals({page.data(), page.size()}, {host.data(), host.size()})) return true;
  }
  return !any_ && allows(origin);
}

}  // namespace pushlab::server

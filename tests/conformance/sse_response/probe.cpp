#include "tests/conformance/sse_response/probe.hpp"

#include <algorithm>
#include <array>

namespace pushlab::conformance {
namespace {

constexpr std::array credential_fields{"Authorization", "Cookie", "X-API-Key"};

int weight(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return 4;
    case Verdict::warn:
      return 3;
    case Verdict::info:
      return 2;
    case Verdict::pass:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

Url stream_url(Endpoint& endpoint) {
  return any_capture(endpoint)->url;
}

Head head_for(Endpoint& endpoint, Url const& url, Request const& request) {
  return Exchange(url, request, endpoint.answer_deadline()).head();
}

Head head_for(Endpoint& endpoint, Request const& request) {
  return head_for(endpoint, stream_url(endpoint), request);
}

std::string media_type(Head const& head) {
  auto const value = head.value("Content-Type");
  return lower(trimmed(std::string_view(value).substr(0, value.find(';'))));
}

bool is_stream(Head const& head) {
  return head.status == 200 && media_type(head) == "text/event-stream";
}

bool contains(std::vector<std::string> const& members, std::string_view member) {
  return std::any_of(members.begin(), members.end(),
                     [&](std::string const& one) { return same_text(one, member); });
}

std::string in_short(Head const& head) {
  auto const type = head.value("Content-Type");
  return head.status_line() + (type.empty() ? "" : ", " + quoted(type, 60));
}

Request without_credentials(Endpoint const& endpoint) {
  auto request = endpoint.request();
  for (auto const* name : credential_fields) request.without(name);
  return request;
}

bool has_credentials(Endpoint const& endpoint) {
  return without_credentials(endpoint).fields.size() < endpoint.request().fields.size();
}

Finding worst(std::vector<Finding> const& findings) {
  return *std::max_element(findings.begin(), findings.end(), [](auto const& a, auto const& b) {
    return weight(a.verdict) < weight(b.verdict);
  });
}

}  // namespace pushlab::conformance

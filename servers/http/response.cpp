#include "servers/http/response.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <iterator>

namespace pushlab::server {
namespace {

constexpr std::size_t usual_head_bytes = 256;  // with these fields; more of them grow it

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

std::string to_lines(HeaderFields const& fields) {
  std::string lines;
  for (auto const& [name, value] : fields) lines += name + ": " + value + "\r\n";
  return lines;
}

void add_vary(HeaderFields& fields, std::string_view name) {
  for (auto& [key, value] : fields)
    if (key == "Vary") {
      value.append(", ").append(name);
      return;
    }
  fields.emplace_back("Vary", name);
}

std::string to_wire(Response const& response, Request const& request) {
  std::string wire;
  wire.reserve(usual_head_bytes + response.body.size());
  auto const end = std::back_inserter(wire);
  fmt::format_to(end, "HTTP/1.1 {} {}\r\nCache-Control: no-store\r\n", response.status,
                 reason_phrase(response.status));
  if (!response.content_type.empty())
    fmt::format_to(end, "Content-Type: {}\r\n", response.content_type);
  wire += to_lines(response.fields);
  if (response.status != 204 && response.status != 304)
    fmt::format_to(end, "Content-Length: {}\r\n", response.body.size());
  if (!request.keep_alive)
    wire += "Connection: close\r\n";
  else if (request.http_1_0)
    wire += "Connection: keep-alive\r\n";
  wire += "\r\n";
  if (!request.is_head()) wire += response.body;
  return wire;
}

Response problem(int status, std::string_view detail, std::string_view member) {
  boost::json::object document{
      {"title", reason_phrase(status)}, {"status", status}, {"detail", detail}};
  if (!member.empty()) document["pointer"] = member;
  return {status, "application/problem+json", boost::json::serialize(document) + "\n"};
}

Response method_not_allowed(std::string_view allowed) {
  auto response = problem(405, fmt::format("This resource answers {} only.", allowed));
  response.fields.emplace_back("Allow", allowed);
  return response;
}

}  // namespace pushlab::server

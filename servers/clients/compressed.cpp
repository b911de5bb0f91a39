#include "servers/clients/compressed.hpp"

#include <array>

#include "servers/http/accept_encoding.hpp"
#include "servers/http/content_coding.hpp"

namespace pushlab::server {

Response compressed(Response response, Request const& request) {
  add_vary(response.fields, "Accept-Encoding");
  constexpr std::array<std::string_view, 1> offered{"gzip"};
  if (response.body.size() < least_compressed_bytes || accepted_coding(request, offered).empty())
    return response;
  response.body = gzipped(response.body);
  response.fields.emplace_back("Content-Encoding", "gzip");
  for (auto& [name, value] : response.fields)
    if (name == "ETag") value.insert(0, "W/");
  return response;
}

bool has_state(Request const& request, std::string_view etag) {
  auto given = request.field("If-None-Match");
  if (given.starts_with("W/")) given.remove_prefix(2);
  return given == etag;
}

}  // namespace pushlab::server

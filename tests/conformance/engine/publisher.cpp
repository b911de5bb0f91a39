#include "tests/conformance/engine/publisher.hpp"

#include <fmt/format.h>

#include "tests/conformance/wire/exchange.hpp"

namespace pushlab::conformance {
namespace {

std::string filled(std::string text, std::string_view key, std::string_view value) {
  for (std::size_t at = 0; (at = text.find(key, at)) != std::string::npos; at += value.size())
    text.replace(at, key.size(), value);
  return text;
}

}  // namespace

Publisher::Answer HttpPublisher::post(std::string const& name, std::string const& body,
                                      Deadline const& deadline) {
  auto const url = Url::parse(filled(call_.url, "{name}", percent_encode(name)));
  Request request;
  request.method = call_.method;
  for (auto const& field : call_.fields)
    request.with(field.name, filled(field.value, "{name}", name));
  request.with("Connection", "close");
  auto const literal = json_string(body);
  request.body =
      filled(filled(call_.body, "{notification_text}", literal.substr(1, literal.size() - 2)),
             "{notification}", body);
  if (request.body.empty()) request.with("Content-Length", "0");
  Exchange exchange(url, request, deadline);
  exchange.read(deadline);
  return {exchange.head().status, exchange.body().content};
}

std::string json_string(std::string_view text) {
  std::string literal = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\')
      literal += {'\\', c};
    else if (static_cast<unsigned char>(c) < 0x20)
      literal += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    else
      literal += c;
  }
  return literal + '"';
}

std::string notification(std::string_view name, std::string_view id, std::string_view text) {
  return fmt::format(R"({{"name":{},"type":"update","id":{},"data":{}}})", json_string(name),
                     json_string(id), json_string(text));
}

}  // namespace pushlab::conformance

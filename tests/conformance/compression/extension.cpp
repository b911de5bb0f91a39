#include "tests/conformance/compression/extension.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pushlab::conformance {
namespace {

constexpr auto field = "Sec-WebSocket-Extensions";
constexpr auto deflate = "permessage-deflate";

// At separators that do not stand within quotes.
std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts{""};
  bool quoted = false;
  for (char const c : text) {
    if (c == '"') quoted = !quoted;
    if (c == separator && !quoted)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  for (auto& part : parts) part = trimmed(part);
  std::erase(parts, "");
  return parts;
}

Extension::Parameter parameter(std::string const& text) {
  auto const equals = text.find('=');
  if (equals == std::string::npos) return {text, {}};
  std::string value(trimmed(std::string_view(text).substr(equals + 1)));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  return {std::string(trimmed(std::string_view(text).substr(0, equals))), value};
}

// 8 to 15 without a leading zero; 0 when it is none of these.
int window_bits(std::optional<std::string> const& value) {
  static constexpr std::string_view legal = "8,9,10,11,12,13,14,15,";
  bool const digits = value && !value->empty() && value->size() <= 2 &&
                      value->find_first_not_of("0123456789") == std::string::npos;
  if (!digits || legal.find(*value + ",") == std::string_view::npos) return 0;
  auto const number = std::stoi(*value);
  return number >= 8 && number <= 15 ? number : 0;
}

std::string fault_of_parameters(Extension const& answer) {
  for (auto const& [name, value] : answer.parameters) {
    auto const same = [&name](auto const& other) { return other.name == name; };
    if (std::count_if(answer.parameters.begin(), answer.parameters.end(), same) > 1)
      return name + " twice";
    if (name == "server_no_context_takeover" || name == "client_no_context_takeover") {
      if (value) return name + " with a value";
    } else if (name == "server_max_window_bits" || name == "client_max_window_bits") {
      if (window_bits(value) == 0) return name + "=" + value.value_or("nothing");
    } else {
      return "an unknown parameter, " + name;
    }
  }
  return {};
}

// Why the answer is none to this offer; empty: it is one.
std::string mismatch(Extension const& offer, Extension const& answer) {
  if (offer.has("server_no_context_takeover") && !answer.has("server_no_context_takeover"))
    return "server_no_context_takeover was offered and is missing";
  if (auto const* asked = offer.find("server_max_window_bits")) {
    auto const* given = answer.find("server_max_window_bits");
    if (!given) return "server_max_window_bits was offered and is missing";
    if (window_bits(given->value) > window_bits(asked->value))
      return "server_max_window_bits is above what was offered";
  }
  if (auto const* given = answer.find("client_max_window_bits")) {
    auto const* asked = offer.find("client_max_window_bits");
    if (!asked) return "client_max_window_bits was not offered";
    if (asked->value && window_bits(given->value) > window_bits(asked->value))
      return "client_max_window_bits is above what was offered";
  }
  return {};
}

}  // namespace

Extension::Parameter const* Extension::find(std::string_view wanted) const {
  auto const at = std::find_if(parameters.begin(), parameters.end(),
                               [wanted](auto const& one) { return one.name == wanted; });
  return at == parameters.end() ? nullptr : &*at;
}

std::vector<Extension> parse_extensions(std::string_view list) {
  std::vector<Extension> all;
  for (auto const& element : split(list, ',')) {
    auto const parts = split(element, ';');
    if (parts.empty()) continue;
    Extension extension{parts[0], {}};
    for (std::size_t i = 1; i < parts.size(); ++i)
      extension.parameters.push_back(parameter(parts[i]));
    all.push_back(std::move(extension));
  }
  return all;
}

std::string illegal(std::string_view offers, std::string_view answer) {
  auto const offered = parse_extensions(offers);
  auto const agreed = parse_extensions(answer);
  if (agreed.size() > 1) return fmt::format("{} extensions at once", agreed.size());
  if (agreed.empty()) return {};
  if (auto wrong = fault_of_parameters(agreed[0]); !wrong.empty()) return wrong;
  std::string reason = agreed[0].name + " was not offered";
  for (auto const& offer : offered) {
    if (offer.name != agreed[0].name) continue;
    reason = mismatch(offer, agreed[0]);
    if (reason.empty()) return {};
  }
  return reason;
}

Agreement agreement_in(Head const& head) {
  Agreement agreement;
  for (auto const& extension : parse_extensions(head.value(field))) {
    if (extension.name != deflate) continue;
    agreement.deflate = true;
    agreement.server_context = !extension.has("server_no_context_takeover");
    agreement.client_context = !extension.has("client_no_context_takeover");
    if (auto const* bits = extension.find("server_max_window_bits"))
      agreement.server_bits = window_bits(bits->value);
    if (auto const* bits = extension.find("client_max_window_bits"))
      agreement.client_bits = window_bits(bits->value);
  }
  return agreement;
}

Request deflate_request(Endpoint const& endpoint, std::string const& offers) {
  auto request = upgrade_request(endpoint);
  request.without(field);
  if (!offers.empty()) request.with(field, offers);
  return request;
}

DeflatePeer open_deflate(Endpoint& endpoint, Url const& url, std::string const& offers) {
  DeflatePeer opened{open_websocket(endpoint, url, deflate_request(endpoint, offers)), {}};
  opened.agreement = agreement_in(opened.peer.head());
  auto const& agreed = opened.agreement;
  if (!agreed.deflate) throw Skip(fmt::format("the endpoint declines \"{}\"", offers));
  if (agreed.server_bits == 0) throw Skip("no window to judge by: see COMP-12");
  opened.peer.reader().inflate_by(
      std::make_unique<MessageInflater>(agreed.server_bits, agreed.server_context));
  return opened;
}

}  // namespace pushlab::conformance

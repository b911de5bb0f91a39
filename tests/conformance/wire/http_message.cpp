#include "tests/conformance/wire/http_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace pushlab::conformance {
namespace {

bool has_field(Fields const& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](Field const& field) { return same_text(field.name, name); });
}

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

bool same_text(std::string_view a, std::string_view b) {
  return a.size() == b.size() && lower(a) == lower(b);
}

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> split_list(std::string_view text, char separator) {
  std::vector<std::string> members;
  while (true) {
    auto const end = text.find(separator);
    if (auto const member = trimmed(text.substr(0, end)); !member.empty())
      members.emplace_back(member);
    if (end == std::string_view::npos) return members;
    text.remove_prefix(end + 1);
  }
}

Request& Request::with(std::string name, std::string value) {
  fields.push_back({std::move(name), std::move(value)});
  return *this;
}

Request& Request::without(std::string_view name) {
  std::erase_if(fields, [&](Field const& field) { return same_text(field.name, name); });
  return *this;
}

Request& Request::as(std::string method_name) {
  method = std::move(method_name);
  return *this;
}

std::string Request::bytes(Url const& url) const {
  auto text = fmt::format("{} {} {}\r\n", method, target.empty() ? url.target : target, version);
  if (!without_host && !has_field(fields, "Host")) text += "Host: " + url.authority() + "\r\n";
  for (auto const& field : fields) text += field.name + ": " + field.value + "\r\n";
  if (!body.empty() && !has_field(fields, "Content-Length"))
    text += fmt::format("Content-Length: {}\r\n", body.size());
  return text + "\r\n" + body;
}

std::size_t Head::count(std::string_view name) const {
  return values(name).size();
}

std::string Head::value(std::string_view name) const {
  auto const found = values(name);
  return found.empty() ? std::string() : found.front();
}

std::vector<std::string> Head::values(std::string_view name) const {
  std::vector<std::string> found;
  for (auto const& field : fields) {
    if (same_text(field.name, name)) found.push_back(field.value);
  }
  return found;
}

std::vector<std::string> Head::members(std::string_view name) const {
  std::vector<std::string> all;
  for (auto const& value : values(name)) {
    for (auto& member : split_list(value, ',')) all.push_back(std::move(member));
  }
  return all;
}

std::string Head::status_line() const {
  return fmt::format("{} {}{}{}", version, status, reason.empty() ? "" : " ", escaped(reason));
}

std::string escaped(std::string_view bytes) {
  std::string text;
  for (char const byte : bytes) {
    auto const c = static_cast<unsigned char>(byte);
    if (c == '\n')
      text += "\\n";
    else if (c == '\r')
      text += "\\r";
    else if (c == '\t')
      text += "\\t";
    else if (c == '"' || c == '\\')
      text += {'\\', byte};
    else if (c < 0x20 || c >= 0x7f)
      text += fmt::format("\\x{:02x}", c);
    else
      text += byte;
  }
  return text;
}

std::string quoted(std::string_view bytes, std::size_t most) {
  auto text = '"' + escaped(bytes.substr(0, most)) + '"';
  if (bytes.size() > most) text += fmt::format(" and {} bytes more", bytes.size() - most);
  return text;
}

}  // namespace pushlab::conformance

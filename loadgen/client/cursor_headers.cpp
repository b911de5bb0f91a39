#include "loadgen/client/cursor_headers.hpp"

#include <strings.h>

namespace pushlab::loadgen {

namespace {

// The value when the line is this header, else "".
std::string_view value_of(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return {};
  if (::strncasecmp(line.data(), name.data(), name.size()) != 0) return {};
  line.remove_prefix(name.size() + 1);
  auto const begin = line.find_first_not_of(" \t");
  auto const end = line.find_last_not_of(" \t\r\n");
  return begin == std::string_view::npos || end == std::string_view::npos
             ? std::string_view()
             : line.substr(begin, end - begin + 1);
}

}  // namespace

void CursorHeaders::read(std::string_view line) {
  auto const keep = [&](std::string& kept, std::string_view value) {
    if (value.empty() || value == kept) return;
    kept = value;
    changed_ = true;
  };
  keep(etag_, value_of(line, "etag"));
  keep(last_modified_, value_of(line, "last-modified"));
}

std::vector<std::string> CursorHeaders::request_headers(std::vector<std::string> headers) {
  if (!etag_.empty()) headers.push_back("If-None-Match: " + etag_);
  if (!last_modified_.empty()) headers.push_back("If-Modified-Since: " + last_modified_);
  changed_ = false;
  return headers;
}

}  // namespace pushlab::loadgen

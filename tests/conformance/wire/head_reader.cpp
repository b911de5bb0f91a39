#include "tests/conformance/wire/head_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace pushlab::conformance {
namespace {

constexpr std::size_t most_bytes = 256 * 1024;

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

// Where the blank line ends, bare LF allowed here and complained of later; npos: not yet.
std::size_t end_of_head(std::string_view bytes) {
  for (std::size_t at = bytes.find('\n'); at != std::string_view::npos;
       at = bytes.find('\n', at + 1)) {
    if (bytes.substr(at + 1, 1) == "\n") return at + 2;
    if (bytes.substr(at + 1, 2) == "\r\n") return at + 3;
  }
  return std::string_view::npos;
}

void parse_status_line(std::string_view line, Head& head) {
  bool const fits = line.size() >= 12 && line.starts_with("HTTP/") && line[8] == ' ' &&
                    std::all_of(line.begin() + 9, line.begin() + 12,
                                [](unsigned char c) { return std::isdigit(c); });
  if (!fits)
    throw WireError(WireError::Kind::syntax, "no status line of HTTP/1: " + quoted(line, 60));
  head.version = line.substr(0, 8);
  head.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  if (line.size() > 12 && line[12] == ' ')
    head.reason = line.substr(13);
  else
    head.complaints.push_back({12, "no space behind the status code"});
}

void parse_field_line(std::string_view line, std::size_t offset, Head& head) {
  auto const complain = [&](std::string const& what) {
    head.complaints.push_back({offset, what + ": " + quoted(line, 60)});
  };
  if (line.front() == ' ' || line.front() == '\t') {
    complain("a folded field line");
    if (!head.fields.empty()) head.fields.back().value += " " + std::string(trimmed(line));
    return;
  }
  auto const colon = line.find(':');
  if (colon == std::string_view::npos) return complain("a line without a colon");
  auto const name = line.substr(0, colon);
  if (!is_token(name)) complain("a field name that is no token");
  auto const value = trimmed(line.substr(colon + 1));
  if (value.find_first_of(std::string_view("\0\r", 2)) != std::string_view::npos)
    complain("a NUL or CR in a field value");
  head.fields.push_back({std::string(trimmed(name)), std::string(value)});
}

WireError no_answer(Arrival::Kind kind, std::string_view so_far) {
  auto const some = so_far.empty() ? std::string() : " after " + quoted(so_far, 60);
  switch (kind) {
    case Arrival::Kind::end:
      return {WireError::Kind::ended, "the connection was closed without an answer" + some};
    case Arrival::Kind::reset:
      return {WireError::Kind::reset, "the connection was torn down without an answer" + some};
    default:
      return {WireError::Kind::silent, "no answer came in time" + some};
  }
}

Head read_one(Connection& connection, Deadline const& deadline) {
  std::string bytes;
  while (true) {
    auto arrival = connection.receive(deadline);
    if (arrival.kind != Arrival::Kind::bytes) throw no_answer(arrival.kind, bytes);
    bytes += arrival.bytes;
    auto const end = end_of_head(bytes);
    if (end != std::string::npos) {
      connection.put_back(bytes.substr(end), arrival.at);
      auto head = parse_head(std::string_view(bytes).substr(0, end));
      head.at = arrival.at;
      return head;
    }
    if (bytes.size() > most_bytes)
      throw WireError(WireError::Kind::syntax, "a head of more than 256 KiB: " + quoted(bytes, 60));
  }
}

}  // namespace

Head parse_head(std::string_view raw) {
  Head head;
  head.raw = raw;
  std::size_t offset = 0;
  while (offset < raw.size()) {
    auto const end = std::min(raw.find('\n', offset), raw.size());
    auto line = raw.substr(offset, end - offset);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    else
      head.complaints.push_back({end, "a bare LF ends a line of the head"});
    if (offset == 0)
      parse_status_line(line, head);
    else if (!line.empty())
      parse_field_line(line, offset, head);
    offset = end + 1;
  }
  return head;
}

Head read_head(Connection& connection, Deadline const& deadline) {
  std::vector<Head> interim;
  while (true) {
    auto head = read_one(connection, deadline);
    if (head.status >= 200 || head.status == 101) {
      head.interim = std::move(interim);
      return head;
    }
    interim.push_back(std::move(head));
  }
}

}  // namespace pushlab::conformance

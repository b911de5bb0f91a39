#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/conformance/wire/deadline.hpp"
#include "tests/conformance/wire/url.hpp"

namespace pushlab::conformance {

struct Field {
  std::string name;   // as it is on the wire
  std::string value;  // without the space around it
};
using Fields = std::vector<Field>;

// What goes out, byte for byte: nothing is checked, so that anything can be sent.
struct Request {
  std::string method = "GET";
  std::string target;  // empty: the URL's
  std::string version = "HTTP/1.1";
  Fields fields;     // Host is put first unless it is here or without_host is set
  std::string body;  // Content-Length is written for a body unless it is here
  bool without_host = false;

  Request& with(std::string name, std::string value);  // one more field
  Request& without(std::string_view name);             // none of this name
  Request& as(std::string method_name);
  std::string bytes(Url const& url) const;
};

// A breach of the protocol's grammar that reading could get over.
struct Complaint {
  std::size_t offset;  // in the bytes of the connection
  std::string text;
};

// The head of an answer, with everything as it came.
struct Head {
  int status = 0;
  std::string version;  // "HTTP/1.1"
  std::string reason;
  Fields fields;
  std::string raw;            // with the blank line
  Instant at;                 // when its last byte came
  std::vector<Head> interim;  // 1xx before it
  std::vector<Complaint> complaints;

  bool has(std::string_view name) const { return count(name) > 0; }
  std::size_t count(std::string_view name) const;  // fields of this name, any case
  std::string value(std::string_view name) const;  // of the first; empty when there is none
  std::vector<std::string> values(std::string_view name) const;
  // The members of a comma-separated list over all fields of the name, without the space around.
  std::vector<std::string> members(std::string_view name) const;
  std::string status_line() const;  // "HTTP/1.1 200 OK"
};

std::string lower(std::string_view text);
bool same_text(std::string_view a, std::string_view b);  // any case
std::string_view trimmed(std::string_view text);         // without spaces and tabs around
std::vector<std::string> split_list(std::string_view text, char separator);  // trimmed, no empty

// Bytes for a human: ASCII, all else escaped; quoted() also cuts at `most`.
std::string escaped(std::string_view bytes);
std::string quoted(std::string_view bytes, std::size_t most = 120);

}  // namespace pushlab::conformance

#pragma once

#include <memory>

#include "tests/conformance/wire/body_reader.hpp"
#include "tests/conformance/wire/connection.hpp"
#include "tests/conformance/wire/head_reader.hpp"
#include "tests/conformance/wire/http_message.hpp"

namespace pushlab::conformance {

// One request on a connection of its own and its answer. The constructor connects, sends and reads
// the head, all until the deadline, and throws WireError; the body is read on demand. The
// connection ends with the object.
class Exchange {
 public:
  Exchange(Url const& url, Request const& request, Deadline const& deadline);

  Head const& head() const { return head_; }
  Body const& body() const { return reader_->body(); }
  bool read(Deadline const& deadline, BodyReader::Enough const& enough = {}) {
    return reader_->read(deadline, enough);
  }
  Connection& connection() { return *connection_; }
  Instant sent_at() const { return sent_at_; }  // when the last byte of the request had gone
  double head_after_s() const { return seconds_between(sent_at_, head_.at); }

 private:
  std::unique_ptr<Connection> connection_;
  Instant sent_at_;
  Head head_;
  std::unique_ptr<BodyReader> reader_;
};

}  // namespace pushlab::conformance

#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "servers/http/request.hpp"

namespace pushlab::server {

struct RequestLimits {
  std::uint32_t target_bytes = 8U << 10;
  std::uint32_t head_bytes = 16U << 10;
  std::uint64_t body_bytes = 8U << 10;
};

// Reads HTTP/1.x requests (RFC 9112) from bytes as they come; no I/O. Exists only while a request
// is incomplete: an idle connection keeps none.
class RequestReader {
 public:
  explicit RequestReader(RequestLimits limits);
  ~RequestReader();

  enum class Outcome { need_more, complete, wants_continue, bad };

  // Takes all bytes; what follows a complete request is kept for the next call.
  Outcome feed(std::string_view bytes);

  // REQUIRES: complete. The reader then stands at the next request.
  Request take();

  bool empty() const;  // nothing of a next request was seen

  // What came behind the last taken request, when it is not HTTP any more.
  std::string const& rest() const { return pending_; }

  // After bad: the status to answer with and one sentence.
  struct Failure {
    int status = 400;
    std::string detail;
  };
  Failure const& failure() const { return failure_; }

 private:
  Outcome fail(int status, std::string detail);

  struct Parser;
  RequestLimits limits_;
  std::unique_ptr<Parser> parser_;
  std::string pending_;
  Failure failure_;
  bool continued_ = false;
};

}  // namespace pushlab::server

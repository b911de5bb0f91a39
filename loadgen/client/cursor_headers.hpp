// ETag and Last-Modified of an answer, sent back as If-None-Match and If-Modified-Since (RFC 9110
// section 13.1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pushlab::loadgen {

class CursorHeaders {
 public:
  void read(std::string_view line);  // one header line of the answer
  bool changed() const { return changed_; }

  // The plan's headers and the two conditions; they count as sent then.
  std::vector<std::string> request_headers(std::vector<std::string> headers);

 private:
  std::string etag_;
  std::string last_modified_;
  bool changed_ = true;
};

}  // namespace pushlab::loadgen

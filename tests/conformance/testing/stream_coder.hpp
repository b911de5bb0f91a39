#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace pushlab::conformance::testing {

// Codes a scripted answer piece by piece.
class StreamCoder {
 public:
  // gzip, deflate, br, zstd or "" as it should be; raw-deflate and wide-zstd (a window of 16 MiB)
  // as it should not.
  static std::unique_ptr<StreamCoder> of(std::string const& coding);
  virtual ~StreamCoder() = default;

  // What leaves the coder for this text; not flushed, it may be nothing.
  virtual std::string add(std::string_view text, bool flush = true) = 0;
  virtual std::string end() = 0;
};

// Coded at once, from the beginning to the end.
std::string coded(std::string const& coding, std::string_view text);

}  // namespace pushlab::conformance::testing

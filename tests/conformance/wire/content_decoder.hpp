#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace pushlab::conformance {

// Undoes one content coding piece by piece, giving out at once whatever can be decoded: what a
// browser could show at that instant. Like browsers it stops after the first gzip member, and goes
// on with the next frame of zstd.
class ContentDecoder {
 public:
  enum class State { open, complete, broken };

  // gzip, x-gzip, deflate (zlib-wrapped or raw), br, zstd, identity and ""; null for another.
  static std::unique_ptr<ContentDecoder> of(std::string_view coding);
  virtual ~ContentDecoder() = default;

  std::string feed(std::string_view bytes);

  State state() const { return state_; }
  std::string const& error() const { return error_; }  // why it is broken
  std::size_t members() const {
    return members_;
  }  // gzip members, zlib or br streams, zstd
     // frames that have ended
  std::size_t surplus() const { return surplus_; }  // bytes behind the end
  bool raw_deflate() const { return raw_deflate_; }

 protected:
  // Decodes from the front of `bytes`, which it shortens, to the back of `text`.
  virtual void step(std::string_view& bytes, std::string& text) = 0;
  void complete() { state_ = State::complete; }
  void fail(std::string const& why);

  std::size_t members_ = 0;
  bool raw_deflate_ = false;

 private:
  State state_ = State::open;
  std::string error_;
  std::size_t surplus_ = 0;
};

}  // namespace pushlab::conformance

#pragma once
#include <zlib.h>
#include <zstd.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace pushlab::test {

// A client's decoder: what it is fed comes out at once, or is not there yet.
class IncrementalDecoder {
 public:
  virtual ~IncrementalDecoder() = default;
  virtual std::string feed(std::string_view bytes) = 0;  // throws on bytes that are wrong
};

class GzipDecoder : public IncrementalDecoder {
 public:
  GzipDecoder() { inflateInit2(&stream_, 16 + 15); }
  ~GzipDecoder() override { inflateEnd(&stream_); }
  GzipDecoder(GzipDecoder const&) = delete;

  std::string feed(std::string_view bytes) override {
    std::string text;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      char out[4096];
      stream_.next_out = reinterpret_cast<Bytef*>(out);
      stream_.avail_out = sizeof out;
      auto const result = inflate(&stream_, Z_SYNC_FLUSH);
      if (result == Z_STREAM_END) ended_ = true;
      if (result != Z_OK && result != Z_BUF_ERROR && result != Z_STREAM_END)
        throw std::runtime_error("no gzip");
      text.append(out, sizeof out - stream_.avail_out);
    } while (stream_.avail_out == 0);
    return text;
  }
  bool ended() const { return ended_; }  // with a trailer that is right

 private:
  z_stream stream_{};
  bool ended_ = false;
};

class ZstdDecoder : public IncrementalDecoder {
 public:
  ZstdDecoder() {
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, 23);  // RFC 9659
  }
  std::string feed(std::string_view bytes) override {
    std::string text;
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (auto is_full = true; in.pos < in.size || is_full;) {
      char out[4096];
      ZSTD_outBuffer into{out, sizeof out, 0};
      if (ZSTD_isError(ZSTD_decompressStream(context_.get(), &into, &in)))
        throw std::runtime_error("no zstd");
      text.append(out, into.pos);
      is_full = into.pos == sizeof out;
    }
    return text;
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context_{ZSTD_createDCtx()};
};

}  // namespace pushlab::test

#include "tests/conformance/wire/content_decoder.hpp"

#include <brotli/decode.h>
#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <array>

namespace pushlab::conformance {
namespace {

constexpr std::size_t room = 16 * 1024;

class Identity final : public ContentDecoder {
  void step(std::string_view& bytes, std::string& text) override {
    text += bytes;
    bytes = {};
  }
};

// gzip and both forms of deflate.
class Zlib final : public ContentDecoder {
 public:
  explicit Zlib(bool gzip) : gzip_(gzip) {}
  ~Zlib() override {
    if (started_) ::inflateEnd(&stream_);
  }

 private:
  void step(std::string_view& bytes, std::string& text) override {
    if (!started_) start(static_cast<unsigned char>(bytes.front()));
    std::array<char, room> out{};
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    int result = Z_OK;
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(out.data());
      stream_.avail_out = room;
      result = ::inflate(&stream_, Z_SYNC_FLUSH);
      text.append(out.data(), room - stream_.avail_out);
    } while (result == Z_OK && stream_.avail_out == 0);
    bytes.remove_prefix(bytes.size() - stream_.avail_in);
    if (result == Z_STREAM_END) {
      ++members_;
      complete();
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      fail(stream_.msg ? stream_.msg : "not what zlib can inflate");
    }
  }

  // The low four bits of a zlib header are 8; a raw stream that begins so is none in practice.
  void start(unsigned char first) {
    raw_deflate_ = !gzip_ && (first & 0x0F) != 8;
    ::inflateInit2(&stream_, gzip_ ? 16 + MAX_WBITS : raw_deflate_ ? -MAX_WBITS : MAX_WBITS);
    started_ = true;
  }

  bool gzip_;
  bool started_ = false;
  z_stream stream_{};
};

class Brotli final : public ContentDecoder {
  void step(std::string_view& bytes, std::string& text) override {
    std::array<std::uint8_t, room> out{};
    auto size_in = bytes.size();
    auto const* in = reinterpret_cast<std::uint8_t const*>(bytes.data());
    BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    // It may ask for input while it still holds output back.
    while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT ||
           ::BrotliDecoderHasMoreOutput(state_.get())) {
      auto size_out = out.size();
      auto* next_out = out.data();
      result = ::BrotliDecoderDecompressStream(state_.get(), &size_in, &in, &size_out, &next_out,
                                               nullptr);
      text.append(reinterpret_cast<char const*>(out.data()), out.size() - size_out);
    }
    bytes.remove_prefix(bytes.size() - size_in);
    if (result == BROTLI_DECODER_RESULT_SUCCESS) {
      ++members_;
      complete();
    }
    if (result == BROTLI_DECODER_RESULT_ERROR)
      fail(::BrotliDecoderErrorString(::BrotliDecoderGetErrorCode(state_.get())));
  }

  std::unique_ptr<BrotliDecoderState, decltype(&::BrotliDecoderDestroyInstance)> state_{
      ::BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), &::BrotliDecoderDestroyInstance};
};

class Zstd final : public ContentDecoder {
  void step(std::string_view& bytes, std::string& text) override {
    std::array<char, room> out{};
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    bool full = true;
    while (in.pos < in.size || full) {
      ZSTD_outBuffer filled{out.data(), out.size(), 0};
      auto const result = ::ZSTD_decompressStream(state_.get(), &filled, &in);
      if (::ZSTD_isError(result)) return fail(::ZSTD_getErrorName(result));
      text.append(out.data(), filled.pos);
      full = filled.pos == filled.size;
      if (result == 0) ++members_;
      if (result == 0 && in.pos == in.size) break;
    }
    bytes = {};
  }

  std::unique_ptr<ZSTD_DStream, decltype(&::ZSTD_freeDStream)> state_{::ZSTD_createDStream(),
                                                                      &::ZSTD_freeDStream};
};

}  // namespace

std::unique_ptr<ContentDecoder> ContentDecoder::of(std::string_view coding) {
  if (coding.empty() || coding == "identity") return std::make_unique<Identity>();
  if (coding == "gzip" || coding == "x-gzip") return std::make_unique<Zlib>(true);
  if (coding == "deflate") return std::make_unique<Zlib>(false);
  if (coding == "br") return std::make_unique<Brotli>();
  if (coding == "zstd") return std::make_unique<Zstd>();
  return nullptr;
}

std::string ContentDecoder::feed(std::string_view bytes) {
  std::string text;
  if (state_ == State::open && !bytes.empty()) step(bytes, text);
  surplus_ += state_ == State::complete ? bytes.size() : 0;
  return text;
}

void ContentDecoder::fail(std::string const& why) {
  state_ = State::broken;
  error_ = why;
}

}  // namespace pushlab::conformance

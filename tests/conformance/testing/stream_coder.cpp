#include "tests/conformance/testing/stream_coder.hpp"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <array>

namespace pushlab::conformance::testing {
namespace {

constexpr std::size_t room = 16 * 1024;

class Plain final : public StreamCoder {
 public:
  std::string add(std::string_view text, bool) override { return std::string(text); }
  std::string end() override { return {}; }
};

class Deflate final : public StreamCoder {
 public:
  explicit Deflate(int window_bits) {  // as zlib wants them: 31 gzip, 15 zlib, -15 raw
    ::deflateInit2(&stream_, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  }
  ~Deflate() override { ::deflateEnd(&stream_); }

  std::string add(std::string_view text, bool flush) override {
    return run(text, flush ? Z_SYNC_FLUSH : Z_NO_FLUSH);
  }
  std::string end() override { return run({}, Z_FINISH); }

 private:
  std::string run(std::string_view text, int flush) {
    std::string coded;
    std::array<char, room> out{};
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(out.data());
      stream_.avail_out = room;
      ::deflate(&stream_, flush);
      coded.append(out.data(), room - stream_.avail_out);
    } while (stream_.avail_out == 0);
    return coded;
  }

  z_stream stream_{};
};

class Brotli final : public StreamCoder {
 public:
  std::string add(std::string_view text, bool flush) override {
    return run(text, flush ? BROTLI_OPERATION_FLUSH : BROTLI_OPERATION_PROCESS);
  }
  std::string end() override { return run({}, BROTLI_OPERATION_FINISH); }

 private:
  std::string run(std::string_view text, BrotliEncoderOperation operation) {
    std::string coded;
    auto size_in = text.size();
    auto const* in = reinterpret_cast<std::uint8_t const*>(text.data());
    do {
      std::array<std::uint8_t, room> out{};
      auto size_out = out.size();
      auto* next = out.data();
      ::BrotliEncoderCompressStream(state_.get(), operation, &size_in, &in, &size_out, &next,
                                    nullptr);
      coded.append(reinterpret_cast<char const*>(out.data()), out.size() - size_out);
    } while (size_in > 0 || ::BrotliEncoderHasMoreOutput(state_.get()));
    return coded;
  }

  std::unique_ptr<BrotliEncoderState, decltype(&::BrotliEncoderDestroyInstance)> state_{
      ::BrotliEncoderCreateInstance(nullptr, nullptr, nullptr), &::BrotliEncoderDestroyInstance};
};

class Zstd final : public StreamCoder {
 public:
  explicit Zstd(int window_log) {
    ::ZSTD_CCtx_setParameter(state_.get(), ZSTD_c_windowLog, window_log);
  }

  std::string add(std::string_view text, bool flush) override {
    return run(text, flush ? ZSTD_e_flush : ZSTD_e_continue);
  }
  std::string end() override { return run({}, ZSTD_e_end); }

 private:
  std::string run(std::string_view text, ZSTD_EndDirective directive) {
    std::string coded;
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    std::size_t left = 0;
    do {
      std::array<char, room> out{};
      ZSTD_outBuffer filled{out.data(), out.size(), 0};
      left = ::ZSTD_compressStream2(state_.get(), &filled, &in, directive);
      coded.append(out.data(), filled.pos);
    } while (in.pos < in.size || (directive != ZSTD_e_continue && left > 0));
    return coded;
  }

  std::unique_ptr<ZSTD_CCtx, decltype(&::ZSTD_freeCCtx)> state_{::ZSTD_createCCtx(),
                                                                &::ZSTD_freeCCtx};
};

}  // namespace

std::unique_ptr<StreamCoder> StreamCoder::of(std::string const& coding) {
  if (coding == "gzip") return std::make_unique<Deflate>(31);
  if (coding == "deflate") return std::make_unique<Deflate>(15);
  if (coding == "raw-deflate") return std::make_unique<Deflate>(-15);
  if (coding == "br") return std::make_unique<Brotli>();
  if (coding == "zstd") return std::make_unique<Zstd>(20);
  if (coding == "wide-zstd") return std::make_unique<Zstd>(24);
  return std::make_unique<Plain>();
}

std::string coded(std::string const& coding, std::string_view text) {
  auto const coder = StreamCoder::of(coding);
  auto result = coder->add(text, false);
  return result + coder->end();
}

}  // namespace pushlab::conformance::testing

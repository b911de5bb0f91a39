#include "servers/http/content_coding.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>
#include <new>

namespace pushlab::server {
namespace {

constexpr int gzip_wrapper = 16, window_bits = 15;  // 32 KiB, which every decoder has

// One a thread: its state costs more to make than an event to compress.
class Deflater {
 public:
  Deflater(int bits, int level) {
    constexpr int small_hash = 5;  // events are short, and resetting a large one takes longer
    if (deflateInit2(&stream_, level, Z_DEFLATED, bits, small_hash, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc{};
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(Deflater const&) = delete;

  std::string run(std::string_view text, int flush) {
    deflateReset(&stream_);
    constexpr std::size_t flush_bytes = 16;  // the empty block of a flush is not in the bound
    auto const size = static_cast<uLong>(text.size());
    std::string coded(deflateBound(&stream_, size) + flush_bytes, '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    stream_.next_out = reinterpret_cast<Bytef*>(coded.data());
    stream_.avail_out = static_cast<uInt>(coded.size());
    deflate(&stream_, flush);
    coded.resize(coded.size() - stream_.avail_out);
    return coded;
  }

 private:
  z_stream stream_{};
};

// RFC 1951 3.2.4: they begin and end at a byte.
std::string stored_blocks(std::string_view text) {
  constexpr std::size_t most = 0xFFFF;
  std::string blocks;
  blocks.reserve(text.size() + 5 * (text.size() / most + 1));
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), most))) {
    auto const part = text.substr(0, most);
    auto const size = static_cast<unsigned>(part.size());
    for (auto const byte : {0U, size & 0xFF, size >> 8, ~size & 0xFF, ~size >> 8 & 0xFF})
      blocks += static_cast<char>(byte);
    blocks += part;
  }
  return blocks;
}

}  // namespace

std::string gzip_part(std::string_view text) {
  thread_local Deflater deflater{-window_bits, Z_DEFAULT_COMPRESSION};
  auto deflated = deflater.run(text, Z_SYNC_FLUSH);
  constexpr std::size_t stored_head = 5;
  return deflated.size() < text.size() + stored_head ? deflated : stored_blocks(text);
}

std::string gzipped(std::string_view body) {
  constexpr int fast = 3;  // made for one client, while the loop's others wait
  thread_local Deflater deflater{window_bits + gzip_wrapper, fast};
  return deflater.run(body, Z_FINISH);
}

std::string zstd_part(std::string_view text) {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  auto const make = [] {
    std::unique_ptr<ZSTD_CCtx, Free> made{ZSTD_createCCtx()};
    if (!made) throw std::bad_alloc{};
    constexpr int window_log = 17;  // 128 KiB
    ZSTD_CCtx_setParameter(made.get(), ZSTD_c_windowLog, window_log);
    return made;
  };
  thread_local auto const context = make();
  std::string coded(ZSTD_compressBound(text.size()), '\0');
  auto const size =
      ZSTD_compress2(context.get(), coded.data(), coded.size(), text.data(), text.size());
  if (ZSTD_isError(size)) throw std::bad_alloc{};  // nothing else can be wrong
  coded.resize(size);
  return coded;
}

}  // namespace pushlab::server

#include "tests/conformance/wire/message_deflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace pushlab::conformance {
namespace {

constexpr std::string_view flush_end("\x00\x00\xFF\xFF", 4);  // what a sender cuts off
constexpr std::size_t room = 16 * 1024;
constexpr std::size_t most_bytes = 64 * 1024 * 1024;

void give(z_stream& stream, std::string_view bytes) {
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
}

}  // namespace

MessageInflater::MessageInflater(int window_bits, bool keeps_context)
    : window_bits_(window_bits),
      keeps_context_(keeps_context),
      stream_(std::make_unique<z_stream>()) {
  ::inflateInit2(stream_.get(), -window_bits);
}

MessageInflater::~MessageInflater() {
  ::inflateEnd(stream_.get());
}

std::optional<std::string> MessageInflater::inflate(std::string_view payload) {
  if (!error_.empty()) return {};
  std::string text;
  if (!take(payload, text) || !take(flush_end, text)) return {};
  if (!keeps_context_) ::inflateReset2(stream_.get(), -window_bits_);
  return text;
}

bool MessageInflater::take(std::string_view bytes, std::string& text) {
  // zlib looks for references in all it has written in one call, and in the window beyond that: a
  // byte a call makes the window exact.
  std::array<char, room> out{};
  auto const step = static_cast<uInt>(window_bits_ < MAX_WBITS ? 1 : room);
  give(*stream_, bytes);
  while (true) {
    stream_->next_out = reinterpret_cast<Bytef*>(out.data());
    stream_->avail_out = step;
    int const result = ::inflate(stream_.get(), Z_SYNC_FLUSH);
    text.append(out.data(), step - stream_->avail_out);
    if (result == Z_STREAM_END) {
      begin_anew();
      if (stream_->avail_in == 0) return true;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      error_ = stream_->msg ? stream_->msg : "not what zlib can inflate";
      return false;
    } else if (stream_->avail_in == 0 && stream_->avail_out > 0) {
      return true;
    }
    if (text.size() > most_bytes) {
      error_ = "a message of more than 64 MiB";
      return false;
    }
  }
}

// A final block ends zlib's stream, but neither the message nor its context.
void MessageInflater::begin_anew() {
  std::array<Bytef, 32 * 1024> window{};
  uInt size = 0;
  ::inflateGetDictionary(stream_.get(), window.data(), &size);
  ::inflateReset2(stream_.get(), -window_bits_);
  if (size > 0) ::inflateSetDictionary(stream_.get(), window.data(), size);
}

MessageDeflater::MessageDeflater(int window_bits, bool keeps_context)
    : keeps_context_(keeps_context), stream_(std::make_unique<z_stream>()) {
  ::deflateInit2(stream_.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, -window_bits, 8,
                 Z_DEFAULT_STRATEGY);
}

MessageDeflater::~MessageDeflater() {
  ::deflateEnd(stream_.get());
}

std::string MessageDeflater::deflate(std::string_view text) {
  std::string payload;
  std::array<char, room> out{};
  give(*stream_, text);
  do {
    stream_->next_out = reinterpret_cast<Bytef*>(out.data());
    stream_->avail_out = room;
    ::deflate(stream_.get(), keeps_context_ ? Z_SYNC_FLUSH : Z_FULL_FLUSH);
    payload.append(out.data(), room - stream_->avail_out);
  } while (stream_->avail_out == 0);
  payload.resize(payload.size() - std::min(payload.size(), flush_end.size()));
  return payload;
}

}  // namespace pushlab::conformance

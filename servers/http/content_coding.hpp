#pragma once
#include <string>
#include <string_view>

namespace pushlab::server {

// Codings that are made once for any number of decoders, each somewhere else in its own stream:
// nothing refers to what came before, and all of it can be decoded as soon as it is there.

// A part of a gzip stream (RFC 1952) that began with `gzip_stream_start`: deflate blocks (RFC 1951)
// from a fresh state that end at a byte, stored ones where compression does not pay. There is no
// last part: the stream may end behind any.
std::string gzip_part(std::string_view text);
constexpr std::string_view gzip_stream_start{"\x1f\x8b\x08\0\0\0\0\0\0\xff", 10};

// A whole frame (RFC 8878), whose window is at most 8 MiB (RFC 9659).
std::string zstd_part(std::string_view text);

// A whole answer as gzip, with its trailer.
std::string gzipped(std::string_view body);

}  // namespace pushlab::server

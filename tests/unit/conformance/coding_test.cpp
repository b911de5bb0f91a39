#include <brotli/encode.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/conformance/wire/content_decoder.hpp"

namespace pushlab::conformance {
namespace {

// Window bits as zlib wants them: 31 gzip, 15 zlib, -15 raw.
std::string deflated(std::string text, int window_bits, int flush) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string coded(text.size() + 100, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(coded.data());
  stream.avail_out = static_cast<uInt>(coded.size());
  ::deflate(&stream, flush);
  coded.resize(stream.total_out);
  ::deflateEnd(&stream);
  return coded;
}

std::string zstd_frame(std::string const& text) {
  std::string coded(::ZSTD_compressBound(text.size()), '\0');
  coded.resize(::ZSTD_compress(coded.data(), coded.size(), text.data(), text.size(), 3));
  return coded;
}

std::string brotli_flushed(std::string const& text) {
  std::unique_ptr<BrotliEncoderState, decltype(&::BrotliEncoderDestroyInstance)> const state(
      ::BrotliEncoderCreateInstance(nullptr, nullptr, nullptr), &::BrotliEncoderDestroyInstance);
  std::string coded(text.size() + 100, '\0');
  auto size_in = text.size(), size_out = coded.size();
  auto const* in = reinterpret_cast<std::uint8_t const*>(text.data());
  auto* out = reinterpret_cast<std::uint8_t*>(coded.data());
  do {
    ::BrotliEncoderCompressStream(state.get(), BROTLI_OPERATION_FLUSH, &size_in, &in, &size_out,
                                  &out, nullptr);
  } while (size_in > 0 || ::BrotliEncoderHasMoreOutput(state.get()));
  coded.resize(coded.size() - size_out);
  return coded;
}

TEST(Decoder, gives_out_what_was_flushed_though_the_stream_goes_on) {
  auto const text = [](std::string_view coding, std::string const& coded) {
    auto const decoder = ContentDecoder::of(coding);
    std::string decoded;
    for (char const byte : coded) decoded += decoder->feed({&byte, 1});
    EXPECT_EQ(decoder->state(), ContentDecoder::State::open) << coding;
    return decoded;
  };
  EXPECT_EQ(text("gzip", deflated("data: x\n\n", 31, Z_SYNC_FLUSH)), "data: x\n\n");
  EXPECT_EQ(text("deflate", deflated("data: x\n\n", 15, Z_FULL_FLUSH)), "data: x\n\n");
  EXPECT_EQ(text("deflate", deflated("data: x\n\n", -15, Z_SYNC_FLUSH)), "data: x\n\n");
  EXPECT_EQ(text("br", brotli_flushed("data: x\n\n")), "data: x\n\n");
  EXPECT_EQ(text("zstd", zstd_frame("data: ") + zstd_frame("x\n\n")), "data: x\n\n");
  EXPECT_EQ(text("", "data: x\n\n"), "data: x\n\n");
  EXPECT_EQ(ContentDecoder::of("compress"), nullptr);
}

TEST(Decoder, tells_raw_deflate_from_the_wrapped_form) {
  auto const raw = ContentDecoder::of("deflate");
  raw->feed(deflated("x", -15, Z_SYNC_FLUSH));
  EXPECT_TRUE(raw->raw_deflate());
  auto const wrapped = ContentDecoder::of("deflate");
  wrapped->feed(deflated("x", 15, Z_SYNC_FLUSH));
  EXPECT_FALSE(wrapped->raw_deflate());
}

TEST(Decoder, stops_after_the_first_gzip_member_as_browsers_do) {
  auto const member = deflated("data: x\n\n", 31, Z_FINISH);
  auto const decoder = ContentDecoder::of("gzip");
  EXPECT_EQ(decoder->feed(member + member), "data: x\n\n");
  EXPECT_EQ(decoder->state(), ContentDecoder::State::complete);
  EXPECT_EQ(decoder->members(), 1U);
  EXPECT_EQ(decoder->surplus(), member.size());
}

TEST(Decoder, gives_up_on_a_wrong_checksum_and_on_junk) {
  auto member = deflated("data: x\n\n", 31, Z_FINISH);
  member[member.size() - 8] = static_cast<char>(member[member.size() - 8] ^ 1);
  auto const checked = ContentDecoder::of("gzip");
  checked->feed(member);
  EXPECT_EQ(checked->state(), ContentDecoder::State::broken);
  EXPECT_FALSE(checked->error().empty());
  for (auto const* coding : {"gzip", "zstd", "br"}) {
    auto const junk = ContentDecoder::of(coding);
    EXPECT_EQ(junk->feed("\xFFjunk that is no code at all"), "");
    EXPECT_EQ(junk->state(), ContentDecoder::State::broken) << coding;
  }
}

TEST(Decoder, big_texts_come_out_whole) {
  std::string big;
  for (int i = 0; i < 20'000; ++i) big += std::to_string(i);
  EXPECT_TRUE(ContentDecoder::of("zstd")->feed(zstd_frame(big)) == big);
  EXPECT_TRUE(ContentDecoder::of("br")->feed(brotli_flushed(big)) == big);
  EXPECT_TRUE(ContentDecoder::of("gzip")->feed(deflated(big, 31, Z_SYNC_FLUSH)) == big);
}

}  // namespace
}  // namespace pushlab::conformance

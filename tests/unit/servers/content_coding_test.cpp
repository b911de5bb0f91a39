#include "servers/http/content_coding.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/servers/incremental_decoder.hpp"

namespace pushlab::server {
namespace {

using test::GzipDecoder, test::ZstdDecoder;

std::string noise(std::size_t size) {
  std::mt19937 random{1};
  std::string text(size, '\0');
  for (auto& c : text) c = static_cast<char>(random());
  return text;
}

std::string prose(std::size_t size) {
  std::string text;
  for (auto i = 0; text.size() < size; ++i)
    text += "the state of order " + std::to_string(i) + ", ";
  text.resize(size);
  return text;
}

std::vector<std::string> texts() {
  return {prose(100),     noise(100), prose(65'535), noise(65'536), prose(300'000),
          noise(300'000), ":"};
}

TEST(GzipPart, is_decoded_as_soon_as_it_is_there) {
  GzipDecoder decoder;
  EXPECT_EQ(decoder.feed(gzip_stream_start), "");
  for (auto const& text : texts()) EXPECT_TRUE(decoder.feed(gzip_part(text)) == text);
  EXPECT_FALSE(decoder.ended()) << "the stream may go on behind any part";
}

TEST(GzipPart, refers_to_nothing_before_it) {
  auto const parts = {gzip_part(prose(500)), gzip_part(noise(70)), gzip_part(prose(70'000))};
  std::string early, late;
  GzipDecoder first, second;
  first.feed(gzip_stream_start);
  second.feed(gzip_stream_start);
  for (auto const& part : parts) early += first.feed(part);
  late = second.feed(*(parts.begin() + 2));
  EXPECT_TRUE(early.ends_with(late));
  EXPECT_EQ(late.size(), 70'000U);
}

TEST(GzipPart, is_the_same_for_the_same_text_whatever_came_before) {
  auto const once = gzip_part(prose(1000));
  gzip_part(noise(5000));
  EXPECT_EQ(gzip_part(prose(1000)), once);
}

TEST(GzipPart, costs_five_bytes_for_each_64_kib_that_does_not_pay) {
  EXPECT_EQ(gzip_part(noise(100)).size(), 105U);
  EXPECT_EQ(gzip_part(":\n\n").size(), 3U + 5);
  EXPECT_LE(gzip_part(noise(65'536)).size(), 65'536U + 10);
}

TEST(GzipPart, is_smaller_where_it_pays) {
  EXPECT_LT(gzip_part(prose(1000)).size(), 500U);
}

TEST(ZstdPart, is_decoded_as_soon_as_it_is_there) {
  ZstdDecoder decoder;
  for (auto const& text : texts()) EXPECT_TRUE(decoder.feed(zstd_part(text)) == text);
}

TEST(ZstdPart, wants_a_window_of_8_mib_at_most) {
  auto const text = prose(9U << 20);
  EXPECT_TRUE(ZstdDecoder{}.feed(zstd_part(text)) == text);
}

TEST(Gzipped, is_a_whole_member_with_its_trailer) {
  GzipDecoder decoder;
  EXPECT_EQ(decoder.feed(gzipped(prose(5000))), prose(5000));
  EXPECT_TRUE(decoder.ended());
}

}  // namespace
}  // namespace pushlab::server
